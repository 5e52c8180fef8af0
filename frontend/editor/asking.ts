// What the editor asks the server.

import { csrfToken } from "../pages/dom.ts";

/** One finding of the check contract; offsets in code points. */
export interface Finding {
  rule: string;
  name: string;
  severity: "block" | "warn";
  start: number;
  end: number;
  text: string;
  claim: string | null;
  message: string;
  suggestion: string | null;
}

/** A claim that may be placed. */
export interface Claim {
  id: string;
  text: string;
  variations: string[];
  evidence: string;
}

/** Check a text; no findings when there is no answer, since saving checks again. */
export async function check(address: string, text: string): Promise<Finding[]> {
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": csrfToken(),
    },
    body: JSON.stringify({ text }),
  }).catch(() => null);
  if (!answer?.ok || !isJSON(answer)) return [];
  return ((await answer.json()) as { findings: Finding[] }).findings;
}

/** Approved claims for what was typed after `[[`, best first. */
export async function claims(address: string, words: string): Promise<Claim[]> {
  const url = new URL(address, location.href);
  url.searchParams.set("q", words);
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  return answer?.ok && isJSON(answer) ? ((await answer.json()) as Claim[]) : [];
}

function isJSON(answer: Response): boolean {
  return (answer.headers.get("Content-Type") ?? "").includes("json");
}
