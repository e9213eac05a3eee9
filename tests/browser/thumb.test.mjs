// One tap, one result: the commonest acts at the door by a thumb that taps twice, on a phone of the usual speed and on slower ones. No
// result that was not meant, and none missing. 1,000 doors: THUMB_DOORS=1000 node --test tests/browser/thumb.test.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, Person, Relay, demo, folder } from "./harness.mjs";
import { Thumb, assertSame } from "./thumb.mjs";

const N_DOORS = Number(process.env.THUMB_DOORS ?? 36);
const SEED = Number(process.env.THUMB_SEED ?? 7);
const SPEEDS = [1, 4, 6];
const SMALL = { width: 320, height: 568 };

let relay, ana, thumb, devtools;
/** What was meant: results that stand, by address. */
const meant = new Map();

before(async () => {
  relay = await new Relay(folder()).start();
  const doors = Math.max(120, Math.ceil(N_DOORS * 1.4));
  const links = demo(relay, doors, doors);
  ana = new Person("Ana", PHONE, relay, false);
  ana.hasTouch = true;
  await ana.open();
  await ana.join(links.canvasser);
  await ana.page.locator("#next").waitFor();
  devtools = await ana.context.newCDPSession(ana.page);
  thumb = new Thumb(ana, SEED);
});

after(async () => {
  await ana?.context?.close();
  await relay?.kill();
});

/** The address in the dock. */
async function docked() {
  const words = await ana.page.locator("#next .plate, #next h2").allTextContents();
  return words.map((word) => word.trim()).join(" ");
}

const shows = () => ana.page.locator("#next").getAttribute("data-shows");

/** Waits until the dock shows something else. */
async function moved(from) {
  await ana.page.waitForFunction((before) => {
    const dock = document.querySelector("#next");
    return dock && dock.dataset.shows !== before;
  }, from, { polling: 20 });
  await thumb.settled();
}

function record(door, result) {
  meant.set(door, [...(meant.get(door) ?? []), result]);
}

/** Every result that stands, as the phone's own export of the list tells it: mark and address of each row. */
async function found() {
  await ana.wholeList();
  await ana.page.locator("ol.list.doors:not([aria-busy]) li").first().waitFor();
  const rows = await ana.page.locator("ol.list.doors li").evaluateAll((all) =>
    all.map((row) => [row.querySelector(".li-title").textContent.trim(), row.querySelector("[data-mark]").dataset.mark, row.querySelector("a").getAttribute("href")]),
  );
  return new Map(rows.filter(([, mark, href]) => mark !== "todo" && href.startsWith("/door/")).map(([title, mark]) => [title, [mark]]));
}

/** Skips buildings: their units are walked in a test of their own. */
async function passBuilding() {
  await thumb.tap("#next .acts .btn", { manner: "once" });
  await ana.page.locator("ul.units").first().waitFor();
  for (let n = 0; n < 40 && (await ana.page.locator(".floor .btn").count()); n += 1) {
    await thumb.tap(".floor .btn");
    await thumb.settled();
  }
  while (await ana.page.locator("#not-home").count()) {
    const before = await shows();
    await thumb.tap("#not-home");
    await moved(before);
  }
  await ana.go("/walk");
  await ana.page.locator("#next").waitFor();
}

/** Not home; not home and taken back; taken back twice and put again; another door on the list opened and left. */
async function atDoor(door) {
  const act = thumb.pick([[70, "not-home"], [12, "undo"], [8, "redo"], [10, "open"]]);
  const before = await shows();
  if (act === "open") {
    await thumb.tap("#next .top");
    await ana.page.waitForURL((url) => !url.pathname.startsWith("/walk"));
    await thumb.settled();
    await thumb.tap(".back", { manner: "once" });
    await ana.page.locator("#not-home, #next").first().waitFor();
    await ana.go("/walk");
    await ana.page.locator("#next").waitFor();
    await thumb.settled();
    return;
  }
  await thumb.tap("#not-home");
  await moved(before);
  record(door, "not_home");
  if (act === "not-home") return;
  const after = await shows();
  await thumb.tap("#undo", { manner: "once" });
  await moved(after);
  meant.delete(door);
  if (act === "redo") {
    const back = await shows();
    await thumb.tap("#redo", { manner: "once" });
    await moved(back);
    record(door, "not_home");
  }
}

test("one tap, one result, however often and fast the thumb taps, on fast phones and slow", { timeout: 3_600_000 }, async (t) => {
  for (let n = 0; n < N_DOORS; n += 1) {
    if (n % Math.ceil(N_DOORS / 6) === 0) {
      const part = Math.floor(n / Math.ceil(N_DOORS / 6));
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: SPEEDS[part % 3] });
      await ana.page.setViewportSize(part < 3 ? PHONE : SMALL);
      await thumb.settled();
    }
    while (await ana.page.locator("#next .acts.one").count()) await passBuilding();
    await atDoor(await docked());
  }
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await ana.page.setViewportSize(PHONE);
  assertSame(await found(), meant);
  t.diagnostic(`${N_DOORS} doors, ${thumb.nTaps} taps, ${meant.size} results`);
  ana.assertCalm();
});
