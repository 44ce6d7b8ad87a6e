// The token against forged requests, as the forms of the page carry it.

export function headers() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return { "X-CSRFToken": field ? field.value : "", "X-Requested-With": "fetch" };
}
