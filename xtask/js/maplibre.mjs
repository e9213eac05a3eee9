// Takes MapLibre's bundle apart into what page and worker share and what only one of them needs. The bundle itself starts its
// worker from a blob, which a strict content policy forbids; its "csp" build holds the shared half twice.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import vm from "node:vm";

const folder = process.argv[2];
const bundle = readFileSync(createRequire(import.meta.url).resolve("maplibre-gl/dist/maplibre-gl.js"), "utf8");
const licence = bundle.slice(0, bundle.indexOf("*/") + 2);
const from = bundle.indexOf('define("shared"');
const to = bundle.lastIndexOf("//\n// Our custom intro");
if (from < 0 || to < from) throw new Error("maplibre-gl.js is not put together as expected: look at xtask/js/maplibre.mjs");

const parts = {};
vm.runInNewContext(bundle.slice(from, to), { define: (name, _needs, part) => (parts[name] = part.toString()) });
const { shared, worker, index } = parts;
if (!shared || !worker || !index) throw new Error(`maplibre-gl.js defines ${Object.keys(parts)}, not shared, worker and index`);

const write = (name, text) => writeFileSync(join(folder, name), `${licence}\n${text}\n`);
write("maplibre-shared.js", `globalThis.maplibreShared={};(${shared})(globalThis.maplibreShared);`);
write("maplibre-worker.js", `importScripts("/maplibre-shared.js");(${worker})(globalThis.maplibreShared);`);
write("maplibre.js", `globalThis.maplibregl={};(${index})(globalThis.maplibregl,globalThis.maplibreShared);`);
