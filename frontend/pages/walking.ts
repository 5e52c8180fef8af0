// Going through a list or through changes by key. The current one is focused, so that Enter opens
// it and a screen reader reads it.

/** Mark and focus the element `step` places after the current one of those that fit. */
export function walk(selector: string, step: number): HTMLElement | null {
  const stops = [...document.querySelectorAll<HTMLElement>(selector)].filter(isShown);
  const focused = stops.findIndex((stop) => stop.contains(document.activeElement));
  const marked = stops.findIndex((stop) => stop.classList.contains("at"));
  const current = focused >= 0 ? focused : marked;
  const next = stops[Math.min(Math.max(current + step, 0), stops.length - 1)];
  if (!next) return null;
  for (const stop of stops) stop.classList.toggle("at", stop === next);
  next.scrollIntoView({ block: "nearest" });
  const link = next.matches("[tabindex]") ? next : next.querySelector<HTMLElement>("a.ttl, a[href]");
  link?.focus({ preventScroll: true });
  return next;
}

function isShown(element: HTMLElement): boolean {
  return element.offsetParent !== null;
}
