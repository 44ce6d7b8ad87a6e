// A form with data-draft="/drafts/ID" is saved at every change, so that nothing typed is lost.
import { headers } from "./token.mjs";

const PAUSE = 800; // milliseconds without a key before a draft is sent
const LEFT_OUT = ["csrfmiddlewaretoken"];

export function keepDrafts() {
  const forms = [...document.querySelectorAll("form[data-draft]")].map((form) => new Draft(form));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      forms.forEach((draft) => draft.save(true));
    }
  });
  return {
    // Whether something was typed in a form that keeps no draft, and would be lost.
    get loose() {
      return typedElsewhere;
    },
    save: () => Promise.all(forms.map((draft) => draft.save(true))),
  };
}

let typedElsewhere = false;
document.addEventListener("input", (event) => {
  const form = event.target.closest ? event.target.closest("form") : null;
  if (form && form.method === "post" && !form.hasAttribute("data-draft")) {
    typedElsewhere = true;
  }
});

class Draft {
  constructor(form) {
    this.form = form;
    this.dirty = false;
    this.saved = words(form).toString(); // leaving a field that says the same is no change
    this.turn = 0; // counts changes: an answer to an older one does not clear a newer one
    this.running = null;
    this.place = form.querySelector("[data-draft-status]") || form.appendChild(statusLine());
    this.place.setAttribute("role", "status");
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, () => this.changed());
    }
    form.addEventListener("submit", () => {
      clearTimeout(this.timer);
      this.dirty = false; // the form itself carries everything
    });
  }

  changed() {
    if (!this.dirty && words(this.form).toString() === this.saved) {
      return;
    }
    this.dirty = true;
    this.turn += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(false), PAUSE);
  }

  // One request at a time, so that an older draft never arrives after a newer one.
  async save(leaving) {
    clearTimeout(this.timer);
    if (!this.dirty) {
      return true;
    }
    if (this.running && !leaving) {
      await this.running;
    }
    this.running = this.send(this.turn, leaving);
    return this.running;
  }

  async send(turn, leaving) {
    const body = words(this.form);
    try {
      const answer = await fetch(this.form.dataset.draft, {
        method: "POST",
        headers: { ...headers(), "X-Draft-Turn": String(turn) },
        body,
        credentials: "same-origin",
        redirect: "error", // a page to sign in is no receipt
        keepalive: leaving,
      });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      this.dirty = this.turn !== turn;
      this.saved = body.toString();
      this.place.textContent = `Draft saved at ${time()}`;
      document.dispatchEvent(new CustomEvent("ct:answered"));
      return true;
    } catch (_) {
      this.place.textContent =
        "The draft could not be saved. What you typed is still on this page: try again, or send the form.";
      return false;
    }
  }
}

function words(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const secret = form.querySelector(`input[type=password][name="${CSS.escape(name)}"]`);
    if (typeof value === "string" && !secret && !LEFT_OUT.includes(name)) {
      fields.append(name, value);
    }
  }
  return fields;
}

function statusLine() {
  const line = document.createElement("p");
  line.className = "ct-draft nhsuk-body-s";
  return line;
}

function time() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
