// What pages do beyond links and forms. Everything here is a convenience: without it the pages work.

document.documentElement.classList.add("js");

// A form that is being sent is not sent again.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!(button instanceof HTMLElement) || !("once" in button.dataset)) return;
  if (button.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-busy", "true");
  if (button.dataset.once) button.lastChild.textContent = button.dataset.once;
});

// Dialogs open over the page instead of being jumped to.
document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      if (opener.dataset.choose) {
        const radio = dialog.querySelector(`input[value="${CSS.escape(opener.dataset.choose)}"]`);
        if (radio) radio.checked = true;
      }
      dialog.showModal();
    }
  }
  const closer = target?.closest("[data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
});
for (const dialog of document.querySelectorAll("dialog[data-open]")) {
  dialog.close();
  dialog.showModal();
}

// "/" goes to the search, j and k walk a list; never while typing, never when switched off.
const typing = (element) => element?.closest("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(document.activeElement)) return;
  if ("noKeys" in document.body.dataset) return;
  if (event.key === "/") {
    const box = document.querySelector("[data-search-box]");
    const link = document.querySelector("[data-search]");
    event.preventDefault();
    if (box) box.focus();
    else link?.click();
  }
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  if (event.key === "Enter") document.querySelector("[data-rows] .at a")?.click();
});

function walk(step) {
  const rows = [...document.querySelectorAll("[data-rows] .row:not(.rowhead)")];
  const current = rows.findIndex((row) => row.classList.contains("at"));
  const next = rows[Math.min(Math.max(current + step, 0), rows.length - 1)];
  if (!next) return;
  rows[current]?.classList.remove("at");
  next.classList.add("at");
  next.scrollIntoView({ block: "nearest" });
}

// A copy that was just made starts downloading by itself.
document.querySelector("a[data-autostart]")?.click();
