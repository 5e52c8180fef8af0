// Parts of pages that htmx replaces: the token with every request, and answers that are no part.
//
// htmx 4 swaps any answer in. A refusal or the sign-in page is a whole page without the part asked
// for: it is shown over the page, and what stands there stays.

import { announce, csrfToken, make } from "./dom.ts";
import { renewTokens } from "./returning.ts";

interface Context {
  sourceElement: Element;
  select?: string;
  text: string;
  request: { headers: Record<string, string>; method?: string };
  response?: { raw: Response; status: number };
}

type HtmxEvent = CustomEvent<{ ctx: Context; error?: unknown }>;

export function watchParts(): void {
  on("htmx:config:request", ({ detail }) => {
    detail.ctx.request.headers["X-CSRFToken"] ??= csrfToken();
  });
  on("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (!ctx.select) return;
    const page = new DOMParser().parseFromString(ctx.text, "text/html");
    if (page.querySelector(ctx.select)) return;
    event.preventDefault();
    if (ctx.response?.raw.headers.get("X-Token") === "old") void renewTokens();
    refuse(ctx, page);
  });
  on("htmx:error", ({ detail }) => {
    if (!isQuiet(detail.ctx)) showUnsent();
  });
}

/** Say that nothing reached the server. */
export function showUnsent(): void {
  show("There is no connection", [
    make("p", "", "Nothing was changed. Try again when the connection is back."),
  ]);
}

function on(name: string, listen: (event: HtmxEvent) => void): void {
  document.addEventListener(name, (event) => listen(event as HtmxEvent));
}

/** Requests nobody asked for by hand do not interrupt anybody. */
function isQuiet(ctx: Context): boolean {
  return ctx.sourceElement.id === "checks";
}

function refuse(ctx: Context, page: Document): void {
  if (isQuiet(ctx)) return;
  const asked = page.querySelector('input[type="password"]') !== null;
  showAnswer(page, !!ctx.response?.raw.redirected && asked);
}

/** Show a page that came instead of the part asked for over what stands here. */
export function showAnswer(page: Document, signedOut: boolean): void {
  const main = page.querySelector("main");
  const title = main?.querySelector("h1");
  if (signedOut) {
    const again = make("a", "", "Sign in");
    again.setAttribute("href", location.href);
    again.setAttribute("target", "_blank");
    show("You were signed out", [
      make("p", "", again, " in a new tab, then come back and try again. Everything here is kept."),
    ]);
    return;
  }
  const body = main ? [...main.querySelectorAll(".say, .find-i, .note p, td, .err")] : [];
  show(
    title?.textContent?.trim() || "This was refused",
    body.map((node) => make("p", "", node.textContent?.trim() ?? "")),
  );
}

function show(head: string, body: Node[]): void {
  document.getElementById("refusal")?.remove();
  const title = make("h2", "", head);
  title.id = "refusal-title";
  const button = make("button", "btn", "Close");
  button.dataset["close"] = "";
  const dialog = make(
    "dialog",
    "dlg",
    title,
    make("div", "stack close mt", ...body),
    make("div", "dlg-foot", button),
  ) as HTMLDialogElement;
  dialog.id = "refusal";
  dialog.setAttribute("aria-labelledby", title.id);
  document.body.append(dialog);
  dialog.showModal();
  announce(head);
}
