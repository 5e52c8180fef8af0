// What differs between what somebody wrote and the approved wording, word by word.

export type Piece = readonly [kind: "same" | "del" | "ins", text: string];

const WORD = /\d+(?:[.,]\d+)*%?|[\p{L}\p{M}]+(?:[-'’][\p{L}\p{M}]+)*|\s+|[^\s]/gu;
/** So many words on each side are compared; longer texts are shown as they are. */
const MOST = 400;

/** The pieces of both texts in order: kept, only in what was written, only in what is approved. */
export function difference(written: string, approved: string): Piece[] {
  const a = written.match(WORD) ?? [];
  const b = approved.match(WORD) ?? [];
  if (a.length > MOST || b.length > MOST) return [["del", written], ["ins", approved]];
  const common = lengths(a, b);
  const pieces: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add(pieces, "same", a[i++] ?? "");
      j++;
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      add(pieces, "del", a[i++] ?? "");
    } else add(pieces, "ins", b[j++] ?? "");
  }
  return pieces;
}

/** How many words two rests have in common at most, for every pair of places. */
function lengths(a: string[], b: string[]): number[][] {
  const found = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = found[i];
      if (!row) continue;
      row[j] =
        a[i] === b[j] ? at(found, i + 1, j + 1) + 1 : Math.max(at(found, i + 1, j), at(found, i, j + 1));
    }
  }
  return found;
}

function at(table: number[][], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

function add(pieces: Piece[], kind: Piece[0], text: string): void {
  const last = pieces.at(-1);
  if (last?.[0] === kind) pieces[pieces.length - 1] = [kind, last[1] + text];
  else pieces.push([kind, text]);
}
