// The editor in the clothes of the house. It lives in a shadow root, because there its styles are
// adopted as a style sheet object, which the strict content policy allows; a <style> element it
// would refuse. The house's colours and sizes come in as custom properties.

import { EditorView } from "@codemirror/view";

const wavy = (colour: string, style: string) => ({
  backgroundImage: "none",
  textDecoration: `underline ${style} var(${colour})`,
  textUnderlineOffset: ".25em",
  textDecorationThickness: "1.5px",
});

export const look = EditorView.theme({
  "&": {
    border: "1px solid var(--control)",
    borderRadius: "var(--r2)",
    background: "var(--surface)",
    color: "var(--ink)",
    minHeight: "24rem",
    fontSize: "1rem",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": { font: "400 1rem/1.75 var(--serif)" },
  ".cm-content": { padding: "var(--s4) 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 var(--s5) 0 var(--s3)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-activeLine": { background: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--accent-soft)" },
  ".chip": {
    font: "500 .8125em/1.4 var(--sans)",
    background: "var(--accent-soft)",
    color: "var(--accent-2)",
    borderRadius: "var(--rf)",
    padding: ".1em .5em",
  },
  ".fact": { font: "500 .875em/1.4 var(--sans)", color: "var(--ink-2)" },
  ".cm-lintRange-error": wavy("--stop", "wavy"),
  ".cm-lintRange-warning": wavy("--change", "dotted"),
  ".cm-tooltip": {
    background: "var(--raised)",
    color: "var(--ink)",
    border: "var(--hair-2)",
    borderRadius: "var(--r2)",
    boxShadow: "var(--e3)",
    font: "400 var(--t-base)/1.45 var(--sans)",
  },
  ".cm-tooltip-lint": { maxWidth: "36rem" },
  ".cm-diagnostic": { padding: "var(--s3) var(--s4)", borderLeftWidth: "3px", whiteSpace: "normal" },
  ".cm-gutters": { background: "none", border: "0", color: "var(--ink-3)" },
  ".cm-lineNumbers .cm-gutterElement": {
    font: "400 var(--t-xs)/1.75rem var(--sans)",
    padding: "0 0 0 var(--s3)",
    minWidth: "1.75rem",
    textAlign: "right",
  },
  ".cm-activeLineGutter": { background: "none" },
  ".card .what": { fontWeight: "600", margin: "0 0 var(--s1)" },
  ".card .what::first-letter": { textTransform: "uppercase" },
  ".card p": { margin: "0" },
  ".wrote": {
    display: "grid",
    gridTemplateColumns: "5.5rem minmax(0, 1fr)",
    gap: "var(--s1) var(--s3)",
    margin: "var(--s2) 0 0",
  },
  ".wrote dt": { color: "var(--ink-3)", fontSize: "var(--t-sm)" },
  ".wrote dd": { margin: "0", fontFamily: "var(--serif)" },
  ".wrote del": { color: "var(--stop)", background: "var(--stop-soft)" },
  ".wrote ins": { color: "var(--ok)", background: "var(--ok-soft)", textDecorationThickness: "2px" },
  ".wrote .evidence": { background: "var(--mark)", fontSize: "var(--t-sm)" },
  ".placed": { maxWidth: "30rem", padding: "var(--s3) var(--s4)" },
  ".placed p": { margin: "0 0 var(--s2)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--stop)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--change)" },
  ".cm-diagnosticSource": { color: "var(--ink-3)", fontSize: "var(--t-xs)", opacity: "1" },
  ".cm-diagnosticAction": {
    display: "inline-block",
    margin: "var(--s2) var(--s2) 0 0",
    padding: ".3rem .7rem",
    border: "1px solid var(--control)",
    borderRadius: "var(--r2)",
    background: "var(--surface)",
    color: "var(--ink)",
    font: "500 var(--t-sm)/1.3 var(--sans)",
    cursor: "pointer",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    font: "400 var(--t-sm)/1.4 var(--sans)",
    maxWidth: "min(38rem, 90vw)",
    maxHeight: "16rem",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "var(--s2) var(--s3)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    background: "var(--accent-soft)",
    color: "var(--ink)",
  },
  ".cm-completionLabel": { fontWeight: "600" },
  ".cm-completionDetail": {
    fontStyle: "normal",
    fontFamily: "var(--serif)",
    color: "var(--ink-2)",
  },
  ".cm-completionInfo": { maxWidth: "24rem", padding: "var(--s3)", fontFamily: "var(--serif)" },
  ".cm-completionInfo .evidence, .placed .evidence": {
    font: "400 var(--t-sm)/1.45 var(--sans)",
    color: "var(--ink-2)",
    background: "var(--mark)",
    padding: "var(--s2)",
  },
});
