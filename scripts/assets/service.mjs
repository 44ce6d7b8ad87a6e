// The scripts of the web service. Every page works without them; they save steps and input.
import { initButtons } from "nhsuk-frontend/dist/nhsuk/components/button/button.mjs";
import { initCharacterCounts } from "nhsuk-frontend/dist/nhsuk/components/character-count/character-count.mjs";
import { initErrorSummary } from "nhsuk-frontend/dist/nhsuk/components/error-summary/error-summary.mjs";
import { initFileUploads } from "nhsuk-frontend/dist/nhsuk/components/file-upload/file-upload.mjs";
import { initPasswordInputs } from "nhsuk-frontend/dist/nhsuk/components/password-input/password-input.mjs";
import { initRadios } from "nhsuk-frontend/dist/nhsuk/components/radios/radios.mjs";
import { initSkipLinks } from "nhsuk-frontend/dist/nhsuk/components/skip-link/skip-link.mjs";
import { watchChanges } from "./changed.mjs";
import { keepDrafts } from "./drafts.mjs";
import { startMenu } from "./menu.mjs";
import { watchScrolling } from "./scrolling.mjs";
import { watchSession } from "./session.mjs";
import { headers } from "./token.mjs";

const components = [
  initButtons,
  initCharacterCounts,
  initErrorSummary,
  initFileUploads,
  initPasswordInputs,
  initRadios,
  initSkipLinks,
];

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
components.forEach((start) => start());
startMenu();
watchScrolling(document);
const drafts = keepDrafts();
watchSession(drafts);
watchChanges(drafts);

// Parts of a page that htmx fetches carry the token of the forms, and wake up like the page did.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") {
    Object.assign(event.detail.headers, headers());
  }
});
document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  if (part !== document.body) {
    components.forEach((start) => start({ scope: part }));
    watchScrolling(part);
  }
});
