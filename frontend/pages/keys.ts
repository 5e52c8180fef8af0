// The keys that work everywhere: / ? g d, j k Enter in lists. Never while typing, never when
// switched off in the profile (WCAG 2.1.4).

import { isCovered, isTyping } from "./dom.ts";
import { openDialog } from "./dialogs.ts";
import { walk } from "./walking.ts";

const ROOMS: Record<string, string> = { d: "/", l: "/library", m: "/materials" };

/** How long after `g` its second key still counts, in milliseconds. */
const PATIENCE = 1500;

let wentAt = -PATIENCE;

export function watchKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (!singleKey(event)) return;
    const waiting = event.timeStamp - wentAt < PATIENCE;
    wentAt = -PATIENCE;
    if (waiting) enter(event);
    else press(event);
  });
}

/** Whether this is one of the single keys of the house, and they are on. */
export function singleKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !isTyping() && !isCovered() && document.body.dataset["noKeys"] === undefined;
}

function press(event: KeyboardEvent): void {
  if (event.key === "g") wentAt = event.timeStamp;
  else if (event.key === "/") search(event);
  else if (event.key === "?" && openDialog("keys")) event.preventDefault();
  else if (event.key === "j" || event.key === "k") {
    walk("[data-rows] .row:not(.rowhead)", event.key === "j" ? 1 : -1);
  }
}

function enter(event: KeyboardEvent): void {
  const path = ROOMS[event.key];
  const link = path && document.querySelector<HTMLAnchorElement>(`.nav a[href="${path}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
}

function search(event: KeyboardEvent): void {
  const box = document.querySelector<HTMLInputElement>("[data-search-box]");
  const link = document.querySelector<HTMLElement>("[data-search]");
  if (!box && !link) return;
  event.preventDefault();
  if (box) {
    box.focus();
    box.select();
  } else link?.click();
}
