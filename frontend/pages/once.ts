// A form that is being sent is not sent again; the button says that it works and keeps its width.

const before = new WeakMap<HTMLElement, string>();

/** How long a button of a form that answers with a download stays busy, in milliseconds. */
const RELEASE = 15_000;

export function watchOnce(): void {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.target instanceof Element) releaseWithin(event.target);
  });
  // A page that comes back from the browser's memory comes back with its buttons working.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) releaseWithin(document.documentElement);
  });
}

function onSubmit(event: SubmitEvent): void {
  const button = event.submitter;
  if (!(button instanceof HTMLElement) || button.dataset["once"] === undefined) return;
  if (button.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  hold(button);
  window.setTimeout(() => release(button), RELEASE);
}

function hold(button: HTMLElement): void {
  const words = button.dataset["once"];
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute("aria-busy", "true");
  const label = [...button.childNodes].findLast((node) => node.textContent?.trim());
  if (!words || !label) return;
  before.set(button, label.textContent ?? "");
  label.textContent = words;
}

/** Make a held button work again. */
export function release(button: HTMLElement): void {
  if (button.getAttribute("aria-busy") !== "true") return;
  button.removeAttribute("aria-busy");
  button.style.minWidth = "";
  const words = before.get(button);
  const label = [...button.childNodes].findLast((node) => node.textContent?.trim());
  if (words !== undefined && label) label.textContent = words;
}

function releaseWithin(element: Element): void {
  element.querySelectorAll<HTMLElement>('[data-once][aria-busy="true"]').forEach(release);
}
