// The composer: Alt and the arrows move, Del removes, Ctrl+Z and Ctrl+Shift+Z take back and do
// again, a drop sends `move` or `add`, and `to`. Every way goes through the form and its buttons, so
// that the server's rules answer each of them alike.

import { closest, isCovered, isTyping } from "./dom.ts";

const KEYS: Record<string, string> = { ArrowUp: "up", ArrowDown: "down", Delete: "remove" };

/** What is being dragged: a module of the order, or one that is offered. */
let dragged: { id: string; name: "move" | "add" } | null = null;
let last: { slot: string; button: string } | null = null;

export function watchComposer(): void {
  if (!document.querySelector("[data-composer]")) return;
  prepare();
  document.addEventListener("htmx:after:swap", () => {
    prepare();
    restoreFocus();
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const button = closest<HTMLButtonElement>(event, "[data-slot] button");
    if (button) remember(button);
  });
  document.addEventListener("dragstart", onDragStart);
  document.addEventListener("dragover", onDragOver);
  document.addEventListener("drop", onDrop);
  document.addEventListener("dragend", endDrag);
}

function slots(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-order] [data-slot]")];
}

function prepare(): void {
  for (const slot of slots()) {
    slot.draggable = true;
    slot.tabIndex = -1;
  }
  for (const offer of document.querySelectorAll<HTMLElement>("[data-offers] [data-offer]")) {
    offer.draggable = true;
  }
}

function onKey(event: KeyboardEvent): void {
  const way = wayOf(event);
  if (way) {
    const button = document.querySelector<HTMLButtonElement>(`#history button[name="${way}"]`);
    event.preventDefault();
    if (button && !button.disabled) button.click();
    return;
  }
  const slot = closest(event, "[data-slot]");
  const name = KEYS[event.key];
  if (!slot || !name || (name === "remove" ? event.altKey : !event.altKey)) return;
  const button = slot.querySelector<HTMLButtonElement>(`button[name="${name}"]`);
  event.preventDefault();
  if (!button || button.disabled) return;
  button.click();
}

/** Where text is written these keys stay the text's own. */
function wayOf(event: KeyboardEvent): "undo" | "redo" | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping() || isCovered()) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" && !event.shiftKey ? "redo" : null;
}

function remember(button: HTMLButtonElement): void {
  last = { slot: button.value, button: button.name };
}

/** After a move the keys stay with what was moved. */
function restoreFocus(): void {
  if (!last || isSomewhere(document.activeElement)) return;
  const slot = slots().find((one) => one.dataset["slot"] === last?.slot);
  const button = slot?.querySelector<HTMLButtonElement>(`button[name="${last.button}"]`);
  if (button && !button.disabled) button.focus();
  else slot?.focus();
  last = null;
}

function isSomewhere(element: Element | null): boolean {
  return element !== null && element !== document.body && !(element as HTMLButtonElement).disabled;
}

function onDragStart(event: DragEvent): void {
  const source = closest(event, "[data-slot], [data-offer]");
  if (!source || !event.dataTransfer) return;
  const { slot, offer } = source.dataset;
  dragged = slot ? { id: slot, name: "move" } : { id: offer ?? "", name: "add" };
  event.dataTransfer.effectAllowed = "move";
  const title = source.querySelector(".ttl, a")?.textContent?.trim() ?? "";
  event.dataTransfer.setData("text/plain", title);
}

function onDragOver(event: DragEvent): void {
  if (!dragged || !closest(event, "[data-order]")) return;
  const slot = closest(event, "[data-slot]");
  if (!slot && dragged.name === "move") return;
  event.preventDefault();
  for (const one of slots()) {
    one.classList.toggle("over", one === slot && one.dataset["slot"] !== dragged.id);
  }
}

function onDrop(event: DragEvent): void {
  const form = closest<HTMLFormElement>(event, "form[data-order]");
  const slot = closest(event, "[data-slot]");
  if (!dragged || !form || (!slot && dragged.name === "move")) return;
  event.preventDefault();
  if (slot?.dataset["slot"] !== dragged.id) {
    send(form, dragged.name, dragged.id, slot);
  }
  endDrag();
}

function endDrag(): void {
  dragged = null;
  for (const slot of slots()) slot.classList.remove("over");
}

/** Ask for a place: its number among those of its kind, and the module that stands there. */
function send(form: HTMLFormElement, name: string, slot: string, there: HTMLElement | null): void {
  const place = there?.dataset["place"] ?? "";
  const to = hidden("to", place);
  const over = hidden("over", there?.dataset["slot"] ?? "");
  const button = document.createElement("button");
  Object.assign(button, { type: "submit", name, value: slot, hidden: true });
  form.append(to, over, button);
  last = { slot, button: "up" };
  form.requestSubmit(button);
  window.setTimeout(() => {
    for (const one of [to, over, button]) one.remove();
  }, 1000);
}

function hidden(name: string, value: string): HTMLInputElement {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}
