// Markdown as the house reads it: CommonMark with tables; claims and account facts stand out.

import {
  defineLanguageFacet,
  HighlightStyle,
  Language,
  syntaxHighlighting,
} from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { Decoration, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { parser, Table } from "@lezer/markdown";

const language = new Language(defineLanguageFacet(), parser.configure([Table]), [], "markdown");

const look = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "500", fontSize: "1.125em" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.processingInstruction, color: "var(--ink-3)" },
  { tag: tags.quote, color: "var(--ink-2)" },
  { tag: tags.link, color: "inherit" },
]);

function marking(pattern: RegExp, name: string): Extension {
  const matcher = new MatchDecorator({
    regexp: pattern,
    decoration: Decoration.mark({ class: name }),
  });
  return ViewPlugin.define(
    (view) => ({
      marks: matcher.createDeco(view),
      update(change: ViewUpdate) {
        this.marks = matcher.updateDeco(change, this.marks);
      },
    }),
    { decorations: (plugin) => plugin.marks },
  );
}

export function markdown(): Extension {
  return [
    language,
    syntaxHighlighting(look),
    marking(/\[\[claim:[A-Za-z0-9-]+(?:\/\d+)?\]\]/g, "chip"),
    marking(/\{\{[\w.]+\}\}/g, "fact"),
    EditorView.lineWrapping,
  ];
}
