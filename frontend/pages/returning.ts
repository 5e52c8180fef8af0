// Who signed in again in another tab goes on where they were: the page gets the token of the new
// session, and what was refused for the old one is sent once more.

const TOKENS = 'input[name="csrf_token"]';

/** Send with `post`; a second time when the page was of an older session of the same person. */
export async function sendAgain(post: () => Promise<Response>): Promise<Response | null> {
  const answer = await post().catch(() => null);
  if (answer?.headers.get("X-Token") !== "old" || !(await renewTokens())) return answer;
  return post().catch(() => null);
}

/** Take the token of the session there is now; false when nobody, or somebody else, is signed in. */
export async function renewTokens(): Promise<boolean> {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector<HTMLInputElement>(TOKENS)?.value;
  const who = viewer(page);
  if (!token || !who || who !== viewer(document)) return false;
  for (const input of document.querySelectorAll<HTMLInputElement>(TOKENS)) input.value = token;
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
  return true;
}

/** Name and role of who is signed in, as the frame says them. */
function viewer(page: Document): string {
  return page.querySelector("[data-menu] summary")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
}
