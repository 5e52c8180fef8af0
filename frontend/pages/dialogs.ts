// Dialogs open over the page instead of being jumped to. Esc closes, what was typed is kept.

import { closest } from "./dom.ts";

export function watchDialogs(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented) return;
    const opener = closest(event, "[data-dialog]");
    const id = opener?.dataset["dialog"];
    if (opener && id && openDialog(id, opener.dataset["choose"])) event.preventDefault();
    const closer = closest(event, "[data-close]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close();
    }
  });
  document.addEventListener("change", (event) => {
    const radio = closest<HTMLInputElement>(event, 'dialog input[type="radio"]');
    if (radio) demandComment(radio);
  });
  openGiven();
}

/** Open a dialog as a modal, one of its choices ticked; false when there is no such dialog. */
export function openDialog(id: string, choice?: string): boolean {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (choice) {
    const radio = dialog.querySelector<HTMLInputElement>(
      `input[type="radio"][value="${CSS.escape(choice)}"]`,
    );
    if (radio) {
      radio.checked = true;
      demandComment(radio);
    }
  }
  if (!dialog.matches(":modal")) {
    dialog.close();
    dialog.showModal();
  }
  return true;
}

/** What the server opened, or an address names, becomes a modal. */
function openGiven(): void {
  const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  const given = document.querySelector<HTMLDialogElement>("dialog[data-open]");
  const dialog = given ?? named;
  if (!(dialog instanceof HTMLDialogElement)) return;
  openDialog(dialog.id);
  const wrong = dialog.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
  (wrong ?? dialog.querySelector<HTMLElement>('input[type="password"]'))?.focus();
  const chosen = dialog.querySelector<HTMLInputElement>('input[type="radio"]:checked');
  if (chosen) demandComment(chosen);
}

/** Some verdicts need a comment: the browser says so before the server has to. */
function demandComment(radio: HTMLInputElement): void {
  const comment = radio.form?.querySelector<HTMLTextAreaElement>('textarea[name="comment"]');
  if (comment) comment.required = radio.dataset["needsComment"] !== undefined;
}
