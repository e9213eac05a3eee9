// Shortens the scripts and the style sheet of a web app, in place; libraries come shortened.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { transform } from "esbuild";

const folder = process.argv[2];
for (const name of readdirSync(folder)) {
  const loader = { ".js": "js", ".css": "css" }[extname(name)];
  if (!loader || name.startsWith("maplibre")) continue;
  const path = join(folder, name);
  const { code } = await transform(readFileSync(path, "utf8"), { loader, minify: true, target: "es2022", legalComments: "none" });
  writeFileSync(path, code);
}
