// Writing beside the text under review: the words chosen with the mouse, or the change the keys stand
// on, go into the dialog with what stands around them; open annotations mark their words.

import { openDialog } from "./dialogs.ts";
import { closest } from "./dom.ts";
import { singleKey } from "./keys.ts";

const AROUND = 40;
// what stands in a block and is not its text as it reads now
const BESIDE = "del, .chip, .anno";

let chosen: Range | null = null;

export function watchAnnotating(): void {
  const sheet = document.querySelector<HTMLElement>("[data-review] .sheet");
  if (!sheet) return;
  markQuotes(sheet);
  if (!document.querySelector("[data-annotate]")) return;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    chosen = sheet.contains(range.commonAncestorContainer) ? range.cloneRange() : null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "c" || !singleKey(event)) return;
    event.preventDefault();
    open(sheet);
  });
  document.addEventListener(
    "click",
    (event) => {
      if (!closest(event, "[data-annotate]")) return;
      event.preventDefault();
      open(sheet);
    },
    { capture: true },
  );
}

function open(sheet: HTMLElement): void {
  const form = document.querySelector<HTMLFormElement>("#annotate form");
  if (!form) return;
  const words = chosenWords(sheet) ?? currentWords(sheet);
  for (const name of ["quote", "prefix", "suffix"] as const) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
      field.value = words?.[name] ?? "";
    }
  }
  openDialog("annotate");
  document.getElementById(words?.quote ? "annotate-text" : "annotate-quote")?.focus();
}

interface Words {
  quote: string;
  prefix: string;
  suffix: string;
}

/** The selected words; of a selection over several paragraphs those of the first. */
function chosenWords(sheet: HTMLElement): Words | null {
  if (!chosen || !sheet.isConnected) return null;
  const block = blockOf(chosen.startContainer);
  if (!block) return null;
  let before = "";
  let quote = "";
  let after = "";
  for (const node of textsOf(block)) {
    const text = node.data;
    const from = edge(chosen, node, "start");
    const to = edge(chosen, node, "end");
    before += text.slice(0, from);
    quote += text.slice(from, to);
    after += text.slice(Math.max(from, to));
  }
  return quote.trim() ? trimmed(before, quote, after) : null;
}

/** Where the selection begins or ends within a text node, as an offset into it. */
function edge(range: Range, node: Text, which: "start" | "end"): number {
  const [container, offset] =
    which === "start"
      ? [range.startContainer, range.startOffset]
      : [range.endContainer, range.endOffset];
  if (container === node) return offset;
  const point = document.createRange();
  point.setStart(container, offset);
  return point.comparePoint(node, 0) < 0 ? node.length : 0;
}

/** The change that the keys stand on, as one quote. */
function currentWords(sheet: HTMLElement): Words | null {
  const block = sheet.querySelector<HTMLElement>(".change:focus, .change.at");
  if (!block) return null;
  const inserted = [...block.querySelectorAll("ins")].map((one) => one.textContent ?? "");
  const whole = textsOf(block).map((node) => node.data).join("");
  const quote = inserted.length === 1 && inserted[0]?.trim() ? inserted[0] : whole;
  const at = whole.indexOf(quote);
  return trimmed(whole.slice(0, at), quote, whole.slice(at + quote.length));
}

function trimmed(before: string, quote: string, after: string): Words {
  return { quote: plain(quote), prefix: plain(before).slice(-AROUND), suffix: plain(after).slice(0, AROUND) };
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function blockOf(node: Node): HTMLElement | null {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest<HTMLElement>(".prose > *") ?? null;
}

/** The text of a block as it reads now. */
function textsOf(block: HTMLElement): Text[] {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest(BESIDE) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const found: Text[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  return found;
}

/** Mark the words of open annotations without touching the text itself. */
function markQuotes(sheet: HTMLElement): void {
  if (!("highlights" in CSS)) return;
  const marks: Record<string, Range[]> = { "must-fix": [], suggestion: [] };
  for (const thread of sheet.querySelectorAll<HTMLElement>(".anno[data-quote]")) {
    const range = find(thread, thread.dataset["quote"] ?? "");
    if (range) marks[thread.dataset["kind"] ?? ""]?.push(range);
  }
  for (const [kind, ranges] of Object.entries(marks)) {
    if (ranges.length) CSS.highlights.set(kind, new Highlight(...ranges));
  }
}

/** The range of a quote in the block that its thread stands under. */
function find(thread: HTMLElement, quote: string): Range | null {
  let block = thread.previousElementSibling;
  while (block?.matches(".anno")) block = block.previousElementSibling;
  if (!(block instanceof HTMLElement)) return null;
  const texts = textsOf(block);
  const letters: [Text, number][] = [];
  let flat = "";
  for (const node of texts) {
    for (let at = 0; at < node.length; at++) {
      const letter = node.data[at] ?? "";
      if (/\s/.test(letter) && (flat === "" || flat.endsWith(" "))) continue;
      flat += /\s/.test(letter) ? " " : letter;
      letters.push([node, at]);
    }
  }
  const from = letters[flat.indexOf(quote)];
  const to = letters[flat.indexOf(quote) + quote.length - 1];
  if (!flat.includes(quote) || !from || !to) return null;
  const range = document.createRange();
  range.setStart(...from);
  range.setEnd(to[0], to[1] + 1);
  return range;
}
