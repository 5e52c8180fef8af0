// A form in a dialog (or with data-in-place) is answered where it stands: a wrong password or a missing comment is said there,
// what stands behind it is kept as it was read, and Back never leads to the answer of a form.

import { csrfToken } from "./dom.ts";
import { showAnswer, showUnsent } from "./parts.ts";
import { release } from "./once.ts";
import { sendAgain } from "./returning.ts";

export function watchInPlace(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== "post") return;
    const dialog = form.closest("dialog");
    if (!dialog && form.dataset["inPlace"] === undefined) return;
    event.preventDefault();
    void send(form, dialog, event.submitter);
  });
}

async function send(
  form: HTMLFormElement,
  dialog: HTMLDialogElement | null,
  submitter: HTMLElement | null,
): Promise<void> {
  const answer = await sendAgain(() =>
    fetch(form.action, {
      method: "POST",
      body: new FormData(form, submitter),
      // the server answers with the address to go to, where it would have sent the browser there
      headers: { "X-In-Place": "1", "X-CSRFToken": csrfToken() },
    }),
  );
  const onward = answer?.headers.get("X-Location");
  if (onward && !onward.includes("/sign-in")) return leave(onward);
  if (submitter) release(submitter);
  if (!answer) return showUnsent();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = dialog && page.getElementById(dialog.id);
  if (dialog && next instanceof HTMLDialogElement) renew(dialog, next);
  else if (answer.status === 409) replaceMain(dialog, page);
  else showAnswer(page, onward !== null && onward !== undefined);
}

/** Go on; also where only the part after # differs, which alone would load nothing. */
function leave(address: string): void {
  const to = new URL(address, location.href);
  const same = to.pathname === location.pathname && to.search === location.search;
  location.assign(to);
  if (same && to.hash) location.reload();
}

function renew(dialog: HTMLDialogElement, next: HTMLDialogElement): void {
  dialog.replaceChildren(...[...next.childNodes].map((node) => document.adoptNode(node)));
  const wrong = dialog.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
  if (wrong?.matches('[role="alert"]')) wrong.tabIndex = -1;
  wrong?.focus();
}

/** Somebody was faster: both states are told by a page that has no such dialog any more. */
function replaceMain(dialog: HTMLDialogElement | null, page: Document): void {
  const main = page.querySelector("main");
  if (!main) return;
  dialog?.close();
  document.querySelector("main")?.replaceWith(document.adoptNode(main));
  scrollTo({ top: 0 });
}
