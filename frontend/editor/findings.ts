// Findings underlined as one types, each with its reason and a fix for one key.

import { type Action, type Diagnostic, forEachDiagnostic, linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { Command, EditorView } from "@codemirror/view";

import { make } from "../pages/dom.ts";
import { check, claims, type Finding } from "./asking.ts";
import { difference } from "./difference.ts";
import { toUnits } from "./offsets.ts";

/** How long after the last key the text is checked, in milliseconds. */
const DELAY = 400;

export function findings(address: string, claimsAddress: string): Extension {
  return linter(
    async (view) => {
      const text = view.state.doc.toString();
      const found = await check(address, text);
      const at = toUnits(text);
      return found.map((finding) => diagnostic(finding, at, claimsAddress));
    },
    { delay: DELAY },
  );
}

function diagnostic(
  finding: Finding,
  at: (points: number) => number,
  claimsAddress: string,
): Diagnostic {
  return {
    from: at(finding.start),
    to: at(finding.end),
    severity: finding.severity === "block" ? "error" : "warning",
    source: `rule ${finding.rule}`,
    message: finding.message,
    renderMessage: () => card(finding, claimsAddress),
    actions: fixes(finding),
  };
}

/** What is wrong, what was written beside what is approved, and the evidence of that. */
function card(finding: Finding, claimsAddress: string): HTMLElement {
  const name = finding.name.replaceAll("-", " ");
  const rows = make("dl", "wrote");
  const shown = make("div", "card", make("p", "what", name), make("p", "", finding.message), rows);
  if (!finding.suggestion || !finding.claim) return shown;
  const pieces = difference(finding.text, finding.suggestion);
  row(rows, "You wrote", ...pieces.filter(([kind]) => kind !== "ins").map(piece));
  row(rows, finding.claim, ...pieces.filter(([kind]) => kind !== "del").map(piece));
  void claims(claimsAddress, finding.claim).then((found) => {
    const claim = found.find((one) => one.id === finding.claim);
    if (claim) row(rows, "Evidence", make("span", "evidence", claim.evidence));
  });
  return shown;
}

function row(rows: HTMLElement, name: string, ...words: Node[]): void {
  rows.append(make("dt", "", name), make("dd", "", ...words));
}

function piece([kind, text]: readonly [string, string]): Node {
  return kind === "same" ? document.createTextNode(text) : make(kind, "", text);
}

/** Placing the claim by its code comes first: it brings the approved wording and binds it. */
function fixes(finding: Finding): Action[] {
  const actions: Action[] = [];
  if (finding.claim) {
    actions.push(replacement(`Place claim ${finding.claim} (Alt+Enter)`, `[[claim:${finding.claim}]]`));
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
