// Builds what pages load into cms/static/build: one script (the editor in a part of its own, loaded
// only where one edits) and one stylesheet. `node frontend/build.mjs`

import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = at("../cms/static/build");

await rm(out, { recursive: true, force: true });

await build({
  entryPoints: { clearcopy: at("clearcopy.ts") },
  outdir: `${out}/js`,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "eof",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
});

await build({
  entryPoints: { clearcopy: at("../cms/static/css/clearcopy.css") },
  outdir: `${out}/css`,
  bundle: true,
  minify: true,
  // light-dark() and nesting stay as written: the browsers we serve know them.
  target: "esnext",
  external: ["/static/*"],
  logLevel: "warning",
});
