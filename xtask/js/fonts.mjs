// Writes the app's fonts without the weights that no style uses, which are two fifths of their bytes. The fonts come cut into
// scripts already; every glyph and feature of those stays.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import subsetFont from "subset-font";

const folder = process.argv[2];
const weights = { wght: { min: 400, max: 700, default: 400 } };
// The plane that holds every character of the two parts.
const characters = String.fromCodePoint(...Array.from({ length: 0xd800 }, (_, n) => n), ...[0xfeff, 0xfffd]);

for (const part of ["latin", "latin-ext"]) {
  const name = `atkinson-hyperlegible-next-${part}-wght-normal.woff2`;
  const from = createRequire(import.meta.url).resolve(`@fontsource-variable/atkinson-hyperlegible-next/files/${name}`);
  writeFileSync(join(folder, name), await subsetFont(readFileSync(from), characters, { targetFormat: "woff2", variationAxes: weights }));
}
