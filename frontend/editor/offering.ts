// `[[` offers the approved claims of the product with their evidence, `{{` the account facts.

import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip } from "@codemirror/view";

import { make } from "../pages/dom.ts";
import { type Claim, claims } from "./asking.ts";

const FACTS = ["account.name", "account.city", "account.care_setting", "meeting.date", "agenda"];

export function offering(address: string): Extension {
  return autocompletion({
    override: [(context) => offerClaims(context, address), offerFacts],
    icons: false,
    activateOnTypingDelay: 150,
  });
}

async function offerClaims(
  context: CompletionContext,
  address: string,
): Promise<CompletionResult | null> {
  const opened = context.matchBefore(/\[\[(?:claim:)?[^\]\n]*/);
  if (!opened || !address) return null;
  const words = opened.text.replace(/^\[\[(claim:)?/, "");
  const found = await claims(address, words);
  // The server ranks, by code and by words; asking again is cheap and never shows old answers.
  return { from: opened.from, options: found.flatMap(choices), filter: false };
}

const PLACED = /\[\[claim:([A-Za-z0-9-]+)(?:\/(\d+))?\]\]/g;

/** Pointing at a placed claim shows its wording and its evidence. */
export function chipEvidence(address: string): Extension {
  return hoverTooltip(async (view, pos) => {
    const line = view.state.doc.lineAt(pos);
    for (const match of line.text.matchAll(PLACED)) {
      const from = line.from + match.index;
      const to = from + match[0].length;
      if (pos < from || pos > to) continue;
      const claim = (await claims(address, match[1] ?? "")).find((one) => one.id === match[1]);
      if (!claim) return null;
      const words = match[2] ? claim.variations[Number(match[2]) - 1] : claim.text;
      const dom = make(
        "div",
        "cm-completionInfo placed",
        make("p", "", words ?? "There is no such variation."),
        make("p", "evidence", claim.evidence),
      );
      return { pos: from, end: to, above: true, create: () => ({ dom }) };
    }
    return null;
  });
}

function choices(claim: Claim): Completion[] {
  const wordings = [claim.text, ...claim.variations];
  return wordings.map((text, number) => ({
    label: number ? `${claim.id}/${number}` : claim.id,
    detail: text,
    info: () => make("div", "", make("p", "", text), make("p", "evidence", claim.evidence)),
    apply: closing(`[[claim:${claim.id}${number ? `/${number}` : ""}`, "]]"),
  }));
}

function offerFacts(context: CompletionContext): CompletionResult | null {
  const opened = context.matchBefore(/\{\{[\w.]*/);
  if (!opened) return null;
  const options = FACTS.map((name) => ({ label: `{{${name}`, apply: closing(`{{${name}`, "}}") }));
  return { from: opened.from, options };
}

/** Insert with its closing brackets, unless they stand there already. */
function closing(text: string, end: string) {
  return (view: EditorView, _completion: Completion, from: number, to: number) => {
    const there = view.state.sliceDoc(to, to + end.length) === end;
    const insert = text + end;
    view.dispatch({
      changes: { from, to: there ? to + end.length : to, insert },
      selection: { anchor: from + insert.length },
      userEvent: "input.complete",
    });
  };
}
