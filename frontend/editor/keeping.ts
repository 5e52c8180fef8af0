// Saving without leaving the text: every ten seconds while there is something to save, on Ctrl+S.
// The form goes to the server as it would by its button; the answer brings the next revision.

import { announce, closest, csrfToken, make } from "../pages/dom.ts";
import { sendAgain } from "../pages/returning.ts";

/** How long after the first unsaved change it is saved, in milliseconds. */
const AFTER = 10_000;

const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

export class Keeper {
  private timer = 0;
  private saving = false;
  private stopped = false;
  private dirty = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly text: HTMLTextAreaElement,
  ) {
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", () => {
      this.dirty = false;
      window.clearTimeout(this.timer);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty) event.preventDefault();
    });
    window.addEventListener("online", () => void this.save());
    // what is submitted is what is saved
    document.addEventListener("click", (event) => {
      if (closest(event, '[data-dialog="submit"]')) void this.save();
    });
    this.offerKept();
  }

  private changed(): void {
    if (!this.dirty) this.say("Not saved yet");
    const why = document.querySelector<HTMLElement>("#why[data-unsaved]");
    if (why) why.textContent = why.dataset["unsaved"] ?? "";
    this.dirty = true;
    if (!this.timer) this.timer = window.setTimeout(() => void this.save(), AFTER);
  }

  /** Save now; the text stays as it is whatever comes back. */
  async save(): Promise<void> {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (!this.dirty || this.saving || this.stopped) return;
    this.saving = true;
    const sent = this.text.value;
    const answer = await sendAgain(() =>
      fetch(this.form.action, {
        method: "POST",
        body: new FormData(this.form),
        headers: { "X-CSRFToken": csrfToken() },
      }),
    );
    this.saving = false;
    if (answer) await this.take(answer, sent);
    else this.keepHere("No connection. What you write is kept in this browser until it is back.");
  }

  private async take(answer: Response, sent: string): Promise<void> {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector<HTMLInputElement>('#editor input[name="revision"]');
    const mine = this.form.querySelector<HTMLInputElement>('input[name="revision"]');
    if (!answer.ok || !next || !mine) {
      this.stopped = answer.status === 409;
      this.keepHere(
        answer.status === 409
          ? "Somebody else saved this draft meanwhile. Press Save to see both texts."
          : "This could not be saved yet. Press Save to see why.",
      );
      return;
    }
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name="revision"]')) {
      field.value = next.value;
    }
    takeSubmitting(page);
    this.dirty = this.text.value !== sent;
    if (this.dirty) this.changed();
    localStorage.removeItem(this.key);
    this.say(`Saved ${time.format(Date.now())}`, "ok");
  }

  private get key(): string {
    return `clearcopy:${location.pathname}`;
  }

  private keepHere(words: string): void {
    localStorage.setItem(this.key, this.text.value);
    this.say(words, "chg");
    announce(words);
  }

  private say(words: string, tone = "dft"): void {
    const place = document.querySelector("[data-save-status]");
    place?.replaceChildren(make("span", `st ${tone}`, words));
  }

  /** A text that could not be sent last time is offered, never taken by itself. */
  private offerKept(): void {
    const kept = localStorage.getItem(this.key);
    if (kept === null || kept === this.text.value) return localStorage.removeItem(this.key);
    const take = make("button", "btn sm", "Take the kept text");
    const drop = make("button", "btn sm quiet", "Throw it away");
    const note = make(
      "div",
      "note chg mb",
      make(
        "div",
        "",
        make("p", "", "A text you wrote here and that could not be saved was kept."),
        make("p", "cols tight", take, drop),
      ),
    );
    note.setAttribute("role", "status");
    for (const button of [take, drop]) {
      button.setAttribute("type", "button");
      button.addEventListener("click", () => {
        note.remove();
        localStorage.removeItem(this.key);
        if (button === take) this.text.dispatchEvent(new CustomEvent("replace", { detail: kept }));
      });
    }
    this.text.closest(".field")?.before(note);
  }
}

/** Whether it can be submitted now is said by the page that answers a saving. */
function takeSubmitting(page: Document): void {
  const next = page.getElementById("submitting");
  if (next) document.getElementById("submitting")?.replaceWith(document.adoptNode(next));
  const dialog = page.getElementById("submit");
  if (dialog && !document.getElementById("submit")) document.body.append(document.adoptNode(dialog));
}
