// Writes a .br beside every file that gets smaller by it, and prints what a first visit downloads.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const root = process.argv[2];
const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );

// What a phone downloads, and what the office brings on top of it: with the budgets of each, in bytes.
const downloads = {
  field: { total: 0, budget: 1_500_000 },
  office: { total: 0, budget: 3_000_000 },
};
for (const path of files(root).sort()) {
  const plain = readFileSync(path);
  let bytes = plain.length;
  if (!/\.(woff2|png|br)$/.test(path)) {
    // More distances coded directly suit some files, the usual number others: the smaller one is kept.
    const [small] = [0, 15].map((direct) => brotliCompressSync(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length, [constants.BROTLI_PARAM_NDIRECT]: direct,
      },
    })).sort((a, b) => a.length - b.length);
    if (small.length < plain.length) {
      writeFileSync(`${path}.br`, small);
      bytes = small.length;
    }
  }
  const isDownloaded = /\.(wasm|js|css|woff2|html)$/.test(path);
  if (isDownloaded) downloads[relative(root, path).startsWith("office-app") ? "office" : "field"].total += bytes;
  console.log(`  ${relative(root, path).padEnd(66)} ${String(statSync(path).size).padStart(9)} → ${String(bytes).padStart(8)}`);
}
for (const [name, { total, budget }] of Object.entries(downloads)) {
  const over = total > budget ? `, ${((total / budget - 1) * 100).toFixed(0)} % OVER ITS BUDGET` : "";
  console.log(`${name} downloaded (wasm, JS, CSS, fonts), brotli: ${(total / 1e6).toFixed(2)} MB of ${(budget / 1e6).toFixed(1)} MB${over}`);
}
