// Findings underlined as one types, each with its reason and a fix for one key.

import { type Action, type Diagnostic, forEachDiagnostic, linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { Command, EditorView } from "@codemirror/view";

import { check, type Finding } from "./asking.ts";
import { toUnits } from "./offsets.ts";

/** How long after the last key the text is checked, in milliseconds. */
const DELAY = 400;

export function findings(address: string): Extension {
  return linter(
    async (view) => {
      const text = view.state.doc.toString();
      const found = await check(address, text);
      const at = toUnits(text);
      return found.map((finding) => diagnostic(finding, at));
    },
    { delay: DELAY },
  );
}

function diagnostic(finding: Finding, at: (points: number) => number): Diagnostic {
  return {
    from: at(finding.start),
    to: at(finding.end),
    severity: finding.severity === "block" ? "error" : "warning",
    source: `rule ${finding.rule}`,
    message: finding.message,
    actions: fixes(finding),
  };
}

/** Placing the claim by its code comes first: it brings the approved wording and binds it. */
function fixes(finding: Finding): Action[] {
  const actions: Action[] = [];
  if (finding.claim) {
    actions.push(replacement(`Place claim ${finding.claim}`, `[[claim:${finding.claim}]]`));
  }
  if (finding.suggestion) {
    actions.push(replacement("Insert approved wording", finding.suggestion));
  }
  return actions;
}

function replacement(name: string, insert: string): Action {
  return {
    name,
    apply: (view, from, to) => {
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + insert.length },
        userEvent: "input.fix",
        scrollIntoView: true,
      });
      view.focus();
    },
  };
}

/** Alt+Enter: the first fix of the finding at the cursor, as one step that can be undone. */
export const fixHere: Command = (view: EditorView) => {
  const cursor = view.state.selection.main.head;
  let done = false;
  forEachDiagnostic(view.state, (found, from, to) => {
    const fix = found.actions?.[0];
    if (done || !fix || cursor < from || cursor > to) return;
    done = true;
    fix.apply(view, from, to);
  });
  return done;
};
