// The review room: j k from change to change, e to the evidence, v to the verdict, [ ] to the next
// task. The evidence follows; approving waits until every change was on screen.

import { announce, closest } from "./dom.ts";
import { singleKey } from "./keys.ts";
import { walk } from "./walking.ts";

const STOPS = "[data-review] [data-change]";

export function watchReview(): void {
  const room = document.querySelector<HTMLElement>("[data-review]");
  if (!room) return;
  const unread = watchReading(room);
  document.addEventListener("keydown", (event) => {
    if (singleKey(event)) press(room, event);
  });
  room.addEventListener("focusin", (event) => {
    const stop = closest(event, "[data-change]");
    if (stop) follow(room, stop);
  });
  room.addEventListener("click", (event) => approveAfterReading(event, unread), { capture: true });
}

function press(room: HTMLElement, event: KeyboardEvent): void {
  if (event.key === "j" || event.key === "k") {
    const stop = walk(STOPS, event.key === "j" ? 1 : -1);
    if (stop) follow(room, stop);
  } else if (event.key === "e") {
    const section = room.querySelector<HTMLElement>("[data-evidence].at, [data-evidence]");
    section?.focus();
  } else if (event.key === "v") {
    room.querySelector<HTMLElement>('.btn.pri[data-dialog="sign"]')?.click();
  } else if (event.key === "[" || event.key === "]") {
    const address = room.dataset[event.key === "]" ? "next" : "prev"];
    if (address) location.assign(address);
  } else return;
  event.preventDefault();
}

/** Count the change and bring its evidence into view. */
function follow(room: HTMLElement, stop: HTMLElement): void {
  const stops = [...room.querySelectorAll<HTMLElement>("[data-change]")];
  const count = room.querySelector("[data-change-count]");
  if (count) count.textContent = `${stops.indexOf(stop) + 1} of ${stops.length}`;
  const codes = (stop.dataset["claims"] ?? "").split(" ").filter(Boolean);
  const sections = [...room.querySelectorAll<HTMLElement>("[data-evidence]")];
  for (const section of sections) {
    section.classList.toggle("at", codes.includes(section.dataset["evidence"] ?? ""));
  }
  sections.find((section) => section.classList.contains("at"))?.scrollIntoView({ block: "nearest" });
}

/** The changes that have not been on screen yet; the set empties as one reads. */
function watchReading(room: HTMLElement): Set<Element> {
  const changes = [...room.querySelectorAll("[data-change]")];
  const kept = `clearcopy:read:${room.dataset["content"] ?? ""}`;
  const read = new Set((sessionStorage.getItem(kept) ?? "").split(" "));
  const unread = new Set<Element>(changes.filter((_, number) => !read.has(`${number}`)));
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!seen(entry) || document.visibilityState !== "visible") continue;
      unread.delete(entry.target);
      read.add(`${changes.indexOf(entry.target)}`);
      observer.unobserve(entry.target);
    }
    sessionStorage.setItem(kept, [...read].join(" ").trim());
    report(room, unread.size);
  }, { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5] });
  for (const change of unread) observer.observe(change);
  report(room, unread.size);
  return unread;
}

/** Half of it, or half a screen of what is taller than the screen. */
function seen(entry: IntersectionObserverEntry): boolean {
  const screen = entry.rootBounds?.height ?? window.innerHeight;
  const tall = entry.intersectionRect.height >= screen / 2;
  return entry.isIntersecting && (entry.intersectionRatio >= 0.5 || tall);
}

function report(room: HTMLElement, left: number): void {
  const place = room.querySelector("[data-read-count]");
  const decides = room.querySelector('[data-dialog="sign"]') !== null;
  if (place) place.textContent = left && decides ? `, ${left} not on screen yet` : "";
  for (const button of room.querySelectorAll('[data-dialog="sign"][data-choose="approve"]')) {
    if (left) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function approveAfterReading(event: MouseEvent, unread: Set<Element>): void {
  const button = closest(event, '[data-dialog="sign"][data-choose="approve"]');
  if (!button) return;
  const next = [...unread].find((change) => change.isConnected);
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  event.stopPropagation();
  announce("Approving waits until every change was on screen. This is the next one.");
  next.scrollIntoView({ block: "center" });
  next.focus({ preventScroll: true });
}
