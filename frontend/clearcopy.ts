// What pages do beyond links and forms. Everything here is a convenience: without it pages work.

import "htmx.org";

import { watchAnnotating } from "./pages/annotating.ts";
import { watchDialogs } from "./pages/dialogs.ts";
import { watchComposer } from "./pages/composer.ts";
import { watchInPlace } from "./pages/inplace.ts";
import { watchKeys } from "./pages/keys.ts";
import { watchMenus } from "./pages/menus.ts";
import { watchOnce } from "./pages/once.ts";
import { watchParts } from "./pages/parts.ts";
import { watchReview } from "./pages/review.ts";
import { tellZone } from "./pages/zone.ts";

document.documentElement.classList.add("js");

tellZone();
watchOnce();
watchInPlace();
watchDialogs();
watchMenus();
watchKeys();
watchParts();
watchReview();
watchAnnotating();
watchComposer();

// A copy that was just made starts downloading by itself, also when the page saw it being made.
function startDownload(): void {
  const link = document.querySelector<HTMLAnchorElement>("a[data-autostart]:not([data-started])");
  if (!link) return;
  link.dataset["started"] = "";
  link.click();
}
startDownload();
document.addEventListener("htmx:after:swap", startDownload);

const mount = document.querySelector<HTMLElement>("[data-editor]");
if (mount) void import("./editor/editor.ts").then(({ openEditor }) => openEditor(mount));
