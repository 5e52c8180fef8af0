// The server counts characters (Unicode code points), the editor counts UTF-16 units.

/** A function from code points to UTF-16 units for one text. */
export function toUnits(text: string): (points: number) => number {
  const pairs: number[] = []; // where, in code points, characters of two units stand
  let point = 0;
  for (const character of text) {
    if (character.length === 2) pairs.push(point);
    point += 1;
  }
  if (!pairs.length) return (points) => clamp(points, text.length);
  return (points) => clamp(points + pairs.filter((at) => at < points).length, text.length);
}

function clamp(offset: number, length: number): number {
  return Math.min(Math.max(offset, 0), length);
}
