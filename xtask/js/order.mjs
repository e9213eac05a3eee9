// Names a module's functions so that `wasm-opt --reorder-functions-by-name` puts those that look alike beside each other: by type, then by
// their code. Nothing is changed by it but their order, and brotli finds more to share. Names that are there must be gone before.
import { readFileSync, writeFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
const bytes = readFileSync(from);
let at = 8;

/** Reads a number. */
const number = () => {
  let [value, shift, byte] = [0, 1];
  do {
    byte = bytes[at++];
    value += (byte & 127) * shift;
    shift *= 128;
  } while (byte > 127);
  return value;
};

/** Writes a number. */
const written = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...written(value >>> 7)]);

/** Passes over the limits of a table or memory. */
const limits = () => {
  const hasMost = number() & 1;
  number();
  if (hasMost) number();
};

const [IMPORTS, FUNCTIONS, CODE] = [2, 3, 10];
const [types, bodies] = [[], []];
let nImported = 0;

const read = {
  [IMPORTS]: () => {
    for (let left = number(); left > 0; left--) {
      for (const _ of ["module", "name"]) at = number() + at;
      const kind = bytes[at++];
      if (kind === 0) {
        number();
        nImported++;
      } else if (kind === 1) {
        at++;
        limits();
      } else if (kind === 2) limits();
      else if (kind === 3) at += 2;
      else throw new Error(`an import of kind ${kind}: teach xtask/js/order.mjs about it`);
    }
  },
  [FUNCTIONS]: () => {
    for (let left = number(); left > 0; left--) types.push(number());
  },
  [CODE]: () => {
    for (let left = number(); left > 0; left--) {
      const length = number();
      bodies.push(bytes.subarray(at, (at += length)));
    }
  },
};

while (at < bytes.length) {
  const section = bytes[at++];
  const end = number() + at;
  read[section]?.();
  at = end;
}

const order = [...bodies.keys()].sort((a, b) => types[a] - types[b] || Buffer.compare(bodies[a], bodies[b]));
const names = order.map((place, rank) => [place, [...Buffer.from(String(rank).padStart(6, "0"))]]);
names.sort(([a], [b]) => a - b);
const map = [...written(names.length), ...names.flatMap(([place, name]) => [...written(place + nImported), name.length, ...name])];
const section = [4, ...Buffer.from("name"), 1, ...written(map.length), ...map];
writeFileSync(to, Buffer.concat([bytes, Buffer.from([0, ...written(section.length), ...section])]));
