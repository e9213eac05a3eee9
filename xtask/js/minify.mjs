// Shortens the scripts and the style sheet of a web app, in place; libraries come shortened.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { transform } from "esbuild";

const root = process.argv[2];
const folders = [root, ...readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name))];
for (const path of folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))) {
  const loader = { ".js": "js", ".css": "css" }[extname(path)];
  if (!loader || basename(path).startsWith("maplibre")) continue;
  const { code } = await transform(readFileSync(path, "utf8"), { loader, minify: true, target: "es2022", legalComments: "none" });
  writeFileSync(path, code);
}
