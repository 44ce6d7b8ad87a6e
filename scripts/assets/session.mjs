// A warning before a session ends for want of use; the server ends it, this page only says so.
//
// Reads from the dialog: data-warn and data-end (seconds without a request), data-stay (any
// request to it keeps the session), data-ended (where to go when it has ended). Several tabs tell each other of use.

const SECOND = 1000;
const GRACE = 5; // seconds after which the server too has ended the session

export function watchSession(drafts) {
  const dialog = document.querySelector("dialog[data-session]");
  if (!dialog || typeof dialog.showModal !== "function") {
    return;
  }
  const { warn, end, stay, ended } = dialog.dataset;
  const left = dialog.querySelector("[data-session-left]");
  const wrong = dialog.querySelector("[data-session-wrong]");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("ct-session") : null;
  let since = Date.now();

  const used = () => {
    since = Date.now();
    if (dialog.open) {
      dialog.close();
    }
  };
  const answered = () => {
    used();
    if (tabs) {
      tabs.postMessage("used");
    }
  };

  const minutes = (seconds) => {
    const whole = Math.max(1, Math.ceil(seconds / 60));
    return whole === 1 ? "1 minute" : `${whole} minutes`;
  };

  const look = async () => {
    const idle = (Date.now() - since) / SECOND;
    if (idle > Number(end) + GRACE) {
      clearInterval(clock);
      await drafts.save();
      const back = window.location.pathname + window.location.search;
      window.location.assign(`${ended}?next=${encodeURIComponent(back)}`);
    } else if (idle >= Number(warn)) {
      const words = minutes(Number(end) - idle);
      if (left.textContent !== words) {
        left.textContent = words;
      }
      if (!dialog.open) {
        dialog.showModal();
      }
    }
  };

  dialog.querySelector("[data-session-stay]").addEventListener("click", async () => {
    wrong.hidden = true;
    try {
      const answer = await fetch(stay, {
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
      });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      answered();
    } catch (_) {
      wrong.hidden = false;
    }
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault()); // a choice, not a slip
  document.addEventListener("ct:answered", answered);
  document.addEventListener("htmx:afterOnLoad", answered);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      look();
    }
  });
  if (tabs) {
    tabs.addEventListener("message", used);
    tabs.postMessage("used"); // this page was itself a request
  }
  const clock = setInterval(look, 5 * SECOND);
}
