// Times are shown in the reader's zone. Where nobody chose one in the profile, the browser's counts:
// a cookie tells it to the server, so that pages come with the right times already.

export function tellZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const told = `zone=${zone}`;
  if (!zone || document.cookie.split("; ").includes(told)) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${told}; path=/; max-age=31536000; samesite=lax${secure}`;
}
