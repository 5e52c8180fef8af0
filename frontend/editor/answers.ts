// The quick answers around the text: place this claim, tick this tag, go to this finding.

import { nextDiagnostic } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";

import { closest } from "../pages/dom.ts";
import { toUnits } from "./offsets.ts";

export function watchAnswers(view: EditorView): void {
  document.addEventListener("click", (event) => {
    const insert = closest(event, "[data-insert]")?.dataset["insert"];
    if (insert) place(view, insert);
    const tick = closest(event, "[data-tick]");
    if (tick) answer(tick.dataset["tick"] ?? "", tick.dataset["value"] ?? "");
    const finding = closest(event, "[data-findings] [data-start]");
    if (finding) goTo(view, Number(finding.dataset["start"]), Number(finding.dataset["end"]));
  });
}

function place(view: EditorView, insert: string): void {
  view.dispatch(view.state.replaceSelection(insert), { scrollIntoView: true });
  view.focus();
}

function answer(name: string, value: string): void {
  const form = document.querySelector<HTMLFormElement>("#editor");
  for (const field of form?.querySelectorAll<HTMLElement>(`[name="${CSS.escape(name)}"]`) ?? []) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") {
      if (field.value !== value) continue;
      field.checked = true;
    } else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
      field.value = value;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function goTo(view: EditorView, start: number, end: number): void {
  const at = toUnits(view.state.doc.toString());
  view.focus();
  // from its beginning on the next one is this one, and its card opens with it
  view.dispatch({ selection: { anchor: at(start) } });
  if (nextDiagnostic(view)) return;
  view.dispatch({ selection: { anchor: at(start), head: at(end) }, scrollIntoView: true });
}
