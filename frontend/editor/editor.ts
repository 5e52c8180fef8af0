// The module's text in CodeMirror. The textarea stays the field of the form: every change is copied
// back into it, so that the form, its saving and the parts around it know nothing of an editor.

import { completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { lintKeymap } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import { watchAnswers } from "./answers.ts";
import { findings, fixHere } from "./findings.ts";
import { Keeper } from "./keeping.ts";
import { look } from "./look.ts";
import { markdown } from "./markdown.ts";
import { chipEvidence, offering } from "./offering.ts";

// Left to itself the browser keeps the style of what is typed over, with an inline style that the
// content policy refuses.
const overwriting = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const over = event.inputType === "insertText" && event.data && !view.composing;
    if (!over || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data ?? ""), {
      userEvent: "input.type",
      scrollIntoView: true,
    });
    return true;
  },
});

/** Open the editor in an element that holds the textarea. */
export function openEditor(mount: HTMLElement): EditorView | null {
  const field = mount.querySelector("textarea");
  const form = field?.form;
  if (!field || !form) return null;
  const keeper = mount.closest("[data-autosave]") ? new Keeper(form, field) : null;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  mount.append(host);
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: field.value, extensions: extensions(mount, field, keeper) }),
  });
  field.style.display = "none";
  for (const label of field.labels) label.addEventListener("click", () => view.focus());
  field.addEventListener("replace", (event) => replace(view, (event as CustomEvent<string>).detail));
  watchAnswers(view);
  return view;
}

function extensions(mount: HTMLElement, field: HTMLTextAreaElement, keeper: Keeper | null) {
  const check = mount.dataset["checkUrl"];
  const claimsAddress = mount.dataset["claimsUrl"] ?? "";
  return [
    history(),
    drawSelection(),
    highlightActiveLine(),
    lineNumbers(),
    markdown(),
    look,
    offering(claimsAddress),
    chipEvidence(claimsAddress),
    check ? findings(check, claimsAddress) : [],
    overwriting,
    keymap.of([
      { key: "Alt-Enter", run: fixHere },
      { key: "Mod-s", run: () => save(field, keeper), preventDefault: true },
      ...completionKeymap,
      ...lintKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.contentAttributes.of({
      "aria-label": field.labels[0]?.textContent?.trim() ?? "Text",
      spellcheck: "true",
    }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      field.value = update.state.doc.toString();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }),
  ];
}

function replace(view: EditorView, text: string): void {
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
  });
}

function save(field: HTMLTextAreaElement, keeper: Keeper | null): boolean {
  if (keeper) void keeper.save();
  else field.form?.requestSubmit();
  return true;
}
