// The little that every behaviour needs.

/** The closest ancestor of an event's target that fits; also from inside a shadow root. */
export function closest<E extends Element = HTMLElement>(event: Event, selector: string): E | null {
  const target = event.composedPath()[0];
  return target instanceof Element ? target.closest<E>(selector) : null;
}

/** Whether the keyboard is writing text just now. */
export function isTyping(): boolean {
  const active = document.activeElement;
  if (active instanceof HTMLInputElement) return !/^(button|checkbox|radio|submit)$/.test(active.type);
  return !!active?.closest("textarea, select, [contenteditable], [data-editor]");
}

/** Whether a dialog lies over the page and takes the keys. */
export function isCovered(): boolean {
  return document.querySelector("dialog:modal") !== null;
}

/** Say something to people who do not see the change. */
export function announce(words: string): void {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = "";
  window.setTimeout(() => (live.textContent = words), 50);
}

/** The token that Flask-WTF expects with every request that changes something. */
export function csrfToken(): string {
  return document.querySelector<HTMLInputElement>('input[name="csrf_token"]')?.value ?? "";
}

/** Make an element with a class and children. */
export function make(
  tag: string,
  className = "",
  ...children: (Node | string)[]
): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}
