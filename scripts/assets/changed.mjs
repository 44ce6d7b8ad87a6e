// Says when the ledger has moved on since the page was made; never reloads by itself.
//
// Reads from [data-head]: the address to ask, data-entry (what the page rests on) and data-seconds.

const LONGEST = 300;

export function watchChanges(drafts) {
  const place = document.querySelector("[data-head]");
  if (!place) {
    return;
  }
  const { head, entry, seconds } = place.dataset;
  const first = Number(seconds) || 30;
  let pause = first;
  let timer = 0;

  const ask = async () => {
    if (document.visibilityState === "hidden") {
      return; // asked again when somebody looks
    }
    try {
      const answer = await fetch(head, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
      });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const now = await answer.json();
      pause = first;
      if (now.entry && String(now.entry) !== entry) {
        show(place, drafts);
        return; // once is enough
      }
    } catch (_) {
      pause = Math.min(pause * 2, LONGEST); // a server in trouble is asked less often
    }
    later();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause * 1000);
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && place.hidden) {
      later();
    }
  });
  later();
}

function show(place, drafts) {
  const button = place.querySelector("[data-reload]");
  const typed = place.querySelector("[data-typed]");
  const tell = () => {
    typed.hidden = !drafts.loose;
  };
  place.hidden = false;
  tell();
  document.addEventListener("input", tell);
  button.addEventListener("click", async () => {
    await drafts.save();
    window.location.reload();
  });
}
