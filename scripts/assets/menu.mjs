// On a phone the navigation, the search and the account stand behind one button.

export function startMenu() {
  const button = document.querySelector("[data-menu]");
  const menu = button && document.getElementById(button.getAttribute("aria-controls"));
  if (!menu) {
    return;
  }
  const show = (open) => {
    button.setAttribute("aria-expanded", String(open));
    menu.classList.toggle("ct-header__menu--open", open);
  };
  button.hidden = false;
  show(false);
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      show(false);
      button.focus();
    }
  });
}
