// A canvasser's shift in the native window: join, lose the relay, close, open again, record everything, come back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { Relay, folder } from "../browser/harness.mjs";
import { recordShift } from "../browser/shift.mjs";
import { Window } from "./driver.mjs";

let relay, ana, link;

before(async () => {
  relay = await new Relay(folder()).start();
  const words = ["--found", relay.founding(), "--folder", folder(), "--doors", "300"];
  const said = execFileSync(path.resolve("target/debug/porchlight-demo"), words, { encoding: "utf8" });
  link = said.split("\n").find((line) => line.startsWith("canvasser\t")).split("\t")[1];
  ana = await new Window("Ana", folder(), { width: 390, height: 844 }).open();
});

after(async () => {
  await ana?.close();
  await relay?.kill();
});

test("the window joins by a pasted link and has its turf", async () => {
  await ana.see("#join-link");
  await ana.picture("welcome");
  await ana.type("#join-link", link);
  await ana.press("button[type=submit]");
  await ana.type("#join-name", "Ana");
  await ana.picture("join");
  await ana.pressButton("Join");
  await ana.see("#next");
  await ana.picture("walk");
});

test("the page may ask the engine and nothing else", async () => {
  const answers = await ana.driver.executeAsyncScript(`
    const done = arguments[0];
    const ask = (command) => __TAURI__.core.invoke(command, {}).then(() => command + " was allowed", () => null);
    const blocked = fetch("https://example.org/").then(() => "a request left", () => null);
    const evaluated = Promise.resolve().then(() => new Function("return 1")()).then(() => "code from text ran", () => null);
    Promise.all([ask("plugin:window|close"), ask("plugin:path|resolve_directory"), ask("plugin:event|emit"), blocked, evaluated]).then(done);`);
  assert.deepEqual(answers.filter(Boolean), []);
});

test("without the relay, closed and opened again, list and map are there", async () => {
  await relay.kill();
  await ana.close();
  await ana.open();
  await ana.see("#next");
  await ana.pressLink("Map");
  await ana.see(".map-zoom");
  await ana.picture("map-offline");
  const labels = await ana.driver.executeScript("return document.querySelector('.map-canvas').dataset.idle !== undefined");
  assert.ok(labels);
});

test("records: a talk with a note, nobody home, a refusal, a mistap taken back, a person", () => recordShift(ana));

test("the relay comes back and has everything", async () => {
  await relay.start();
  await ana.go("/me");
  await ana.pressButton("Sync now");
  await ana.says("*", "Everything recorded on this");
  await ana.picture("me-safe");
});
