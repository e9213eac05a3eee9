// One tap, one result: the commonest acts at the door by a thumb that taps twice, on a phone of the usual speed and on slower ones. No
// result that was not meant, and none missing. 1,000 doors are twelve shifts: THUMB_DOORS=84 THUMB_SEED=1 node --test tests/browser/thumb.test.mjs, and so on
// to seed 12, on a machine that does nothing else: a second tap that a busy machine delivers a second late is an act of its own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, Person, Relay, demo, folder, until } from "./harness.mjs";
import { Thumb, assertSame } from "./thumb.mjs";

const N_DOORS = Number(process.env.THUMB_DOORS ?? 18);
const SEED = Number(process.env.THUMB_SEED ?? 7);
const SPEEDS = [1, 4, 6];
const SMALL = { width: 320, height: 568 };

let relay, ana, thumb, devtools;
/** What was meant at each door, by address: the mark that stands, how many entries its history has, without those taken back, and what
 * they tell: answers, with whom, notes, who was added. */
const meant = new Map();
/** How many units each building has that was passed: nobody is home in any of them. */
const units = new Map();
/** How often each act was done. */
const done = new Map();
/** How often an answer was tapped that was not chosen then, and was tapped again. */
let nUnheard = 0;

before(async () => {
  relay = await new Relay(folder()).start();
  // A town of this size has buildings; a short run does not come to one.
  const doors = Math.max(N_DOORS > 18 ? 336 : 120, Math.ceil(N_DOORS * 1.4));
  const links = demo(relay, doors, doors);
  ana = new Person("Ana", PHONE, relay, false);
  ana.hasTouch = true;
  await ana.open();
  await ana.context.addInitScript(() => {
    globalThis.downs = [];
    addEventListener("pointerdown", (event) => (globalThis.downs = [...globalThis.downs.slice(-9), Math.round(event.timeStamp)]), true);
  });
  await ana.join(links.canvasser);
  await ana.page.locator("#next").waitFor();
  devtools = await ana.context.newCDPSession(ana.page);
  thumb = new Thumb(ana, SEED);
});

after(async () => {
  await ana?.context?.close();
  await relay?.kill();
});

/** The address in the dock, once it is drawn. */
async function docked() {
  const words = ana.page.locator("#next .plate, #next h2");
  return until(async () => (await words.allTextContents()).map((word) => word.trim()).join(" "));
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

function record(door, mark, nEntries = 1, told = []) {
  const before = meant.get(door);
  meant.set(door, { mark, n: (before?.n ?? 0) + nEntries, told: [...(before?.told ?? []), ...told] });
}

/** What the phone has: mark and number of entries of each house of the list that has any. */
async function found() {
  await ana.wholeList();
  await ana.page.locator("ol.list.doors:not([aria-busy]) li").first().waitFor();
  const rows = await ana.page.locator("ol.list.doors li").evaluateAll((all) =>
    all.map((row) => [row.querySelector(".li-title").textContent.trim(), row.querySelector("[data-mark]").dataset.mark, row.querySelector("a").getAttribute("href")]),
  );
  const houses = rows.filter(([title, mark, href]) => href.startsWith("/door/") && (mark !== "todo" || meant.has(title)));
  const told = new Map();
  for (const [title, mark, href] of houses) {
    await ana.go(href);
    await ana.page.locator(".history").waitFor();
    // Answers, notes and names stand in a line of their own, above when and by whom; a talk and an added person with the name in the title.
    const entries = await ana.page.locator(".history li:not(.is-retracted)").evaluateAll((all) =>
      all.map((one) => [one.querySelector(".li-title"), ...[...one.querySelectorAll("p.who")].slice(0, -1)].map((part) => part.textContent.trim())),
    );
    const says = ([what, ...details]) => [...(/^Talked|^Moved away/.test(what) ? [what] : (what.match(/^.+ added/) ?? [])), ...details];
    told.set(title, { mark, n: entries.length, told: entries.flatMap(says) });
  }
  return told;
}

/** What the phone has of the buildings that were passed: how many of their units have a mark of not home. */
async function foundUnits() {
  const told = new Map();
  for (const building of units.keys()) {
    await ana.go(building);
    await ana.page.locator("ul.units, .fold").first().waitFor();
    while (await ana.page.locator(".fold").count()) await thumb.tap(".fold", { manner: "once" });
    const marks = await ana.page.locator("ul.units a use").evaluateAll((all) => all.map((mark) => mark.getAttribute("href")));
    told.set(building, marks.filter((mark) => mark === "#m-not_home").length);
  }
  return told;
}

/** Back to the list, by its tab where the act has not led there. */
async function toList() {
  await thumb.settled();
  if (!new URL(ana.page.url()).pathname.startsWith("/walk")) await thumb.tap(".tabs a[href^='/walk']", { manner: "once" });
  await ana.page.waitForURL((url) => url.pathname.startsWith("/walk"));
  await ana.page.locator("#next").waitFor();
  await thumb.settled();
}

/** Passes the building in the dock. */
async function passBuilding() {
  await thumb.tap("#next .acts .btn", { manner: "once" });
  await knockAll();
}

/** Goes to the first building of the list, if there is one, and passes it. */
async function firstBuilding() {
  await ana.wholeList();
  await ana.page.locator("ol.list.doors:not([aria-busy]) li").first().waitFor();
  const building = ana.page.locator("ol.list.doors a[href^='/building/']").first();
  if (!(await building.count())) return toList();
  await ana.go(await building.getAttribute("href"));
  await knockAll();
}

/** Nobody is home in any unit of the building whose page is open. */
async function knockAll() {
  await ana.page.locator("ul.units").first().waitFor();
  const [nUnits] = (await ana.page.locator("h1 small").textContent()).match(/\d+/);
  units.set(new URL(ana.page.url()).pathname, Number(nUnits));
  for (let n = 0; n < 40 && (await ana.page.locator(".floor .btn").count()); n += 1) {
    await thumb.tap(".floor .btn");
    await thumb.settled();
  }
  while (await ana.page.locator("#not-home").count()) {
    const before = await shows();
    await thumb.tap("#not-home");
    await moved(before);
  }
  await toList();
}

/** Goes past a door that is dangerous. */
async function passDanger() {
  const before = await shows();
  await thumb.tap("#skip");
  await moved(before);
}

/** The twelve commonest acts, and how often of a hundred each is done. */
const ACTS = [
  [34, "not-home"], [10, "undo"], [6, "redo"], [4, "open"], [14, "talk"], [8, "refused"],
  [4, "flyer"], [6, "come-back"], [4, "note"], [3, "add"], [4, "moved"], [3, "danger"],
];

/** Opens a sheet by a control of the door's page, and waits until it is there. */
async function sheet(selector) {
  await thumb.tap(selector);
  await ana.page.locator("dialog[open]").waitFor();
  await thumb.settled();
}

async function closed() {
  await ana.page.locator("dialog[open]").waitFor({ state: "detached" });
  await thumb.settled();
}

/** What the first answer of each question is. */
const ANSWERS = ["Library measure: Strongly yes", "Yard sign: Yes", "Way to vote: By mail"];

function did(act) {
  done.set(act, (done.get(act) ?? 0) + 1);
}

/** Taps the first answer; who sees that it is not chosen taps it again. */
async function choose() {
  await thumb.tap("[role=radio]");
  await thumb.settled();
  const radio = ana.page.locator("[role=radio]").first();
  if ((await radio.getAttribute("aria-checked")) === "true") return;
  nUnheard += 1;
  const what = await ana.page.evaluate(() => ({ downs: globalThis.downs, now: performance.now(), question: document.querySelector("#question")?.textContent }));
  console.log("an answer was tapped and is not chosen:", JSON.stringify(thumb.last), JSON.stringify(what), JSON.stringify(await radio.boundingBox()));
  await thumb.tap("[role=radio]", { manner: "once" });
}

/** Talks with everyone behind the door, the first answer each time, with a second thought now and then. */
async function talkWithAll() {
  while (await ana.page.locator(".dock .acts a[href*='/talk/']").count()) {
    await thumb.tap(".dock .acts a[href*='/talk/']");
    await ana.page.locator("#talk-next, #finish").first().waitFor();
    await thumb.settled();
    for (;;) {
      if (await ana.page.locator("[role=radio]").count()) await choose();
      if (await ana.page.locator("#finish").count()) break;
      const before = await shows();
      await thumb.tap("#talk-next");
      await moved(before);
    }
    await thumb.tap("#finish");
    await ana.page.waitForURL((url) => !url.pathname.startsWith("/talk/"));
    if (!new URL(ana.page.url()).pathname.startsWith("/door/")) return;
    await ana.page.locator("#add-person").waitFor();
    await thumb.settled();
  }
}

/** One act on the page of a door; tells whether the door is left to do. */
async function onItsPage(door, act) {
  await thumb.tap("#next .top");
  await ana.page.locator("#add-person").waitFor();
  await thumb.settled();
  const people = await ana.page.locator("article.res h2 bdi").allTextContents();
  const nPeople = people.length;
  switch (act) {
    case "open":
      did(act);
      return true;
    case "talk":
      if (nPeople === 0 || nPeople > 3) return true;
      await talkWithAll();
      record(door, "talked", nPeople, people.flatMap((name) => [`Talked · ${name}`, ...ANSWERS]));
      did(act);
      return false;
    case "refused":
      await thumb.tap("#refused");
      record(door, "refused");
      break;
    case "flyer":
      await sheet("#more-results");
      await thumb.tap("dialog[open] #more-flyer");
      record(door, "flyer");
      break;
    case "come-back":
      await sheet("#more-results");
      await thumb.tap("dialog[open] #more-come-back");
      await ana.page.locator("#come-back-save").waitFor();
      await thumb.settled();
      await thumb.tap("dialog[open] .two [role=radio]", { nth: 1 });
      // The visit, and when to come back as its note.
      record(door, "come_back", 2, [(await ana.page.locator("dialog[open] .two [role=radio]").nth(1).textContent()).trim()]);
      await thumb.tap("#come-back-save");
      break;
    case "note":
      await sheet("#add-note");
      await ana.page.locator("#note").fill("Side gate");
      await thumb.tap("#note-save");
      await closed();
      record(door, "todo", 1, ["Side gate"]);
      did(act);
      return true;
    case "add":
      await sheet("#add-person");
      await ana.page.locator("#first").fill("Zoe");
      await thumb.tap("#add-save");
      await ana.page.waitForURL((url) => url.pathname.startsWith("/talk/"));
      await ana.page.locator("#talk-next, #finish").first().waitFor();
      await thumb.settled();
      await thumb.tap(".back");
      await ana.page.locator("#add-person").waitFor();
      record(door, "todo", 1, ["Zoe added"]);
      did(act);
      return true;
    case "moved":
      if (nPeople < 2) return true;
      await sheet("article.res .do .btn.icon");
      await thumb.tap("dialog[open] #more-moved");
      await closed();
      record(door, "todo", 1, [`Moved away · ${people[0]}`]);
      did(act);
      return true;
    case "danger":
      await sheet("#more-results");
      await thumb.tap("dialog[open] #more-danger");
      await ana.page.locator("#danger-save").waitFor();
      await thumb.settled();
      await thumb.tap("dialog[open] .two [role=radio]");
      await thumb.tap("#danger-save");
      await closed();
      // The flag, and its reason.
      record(door, "danger", 2, ["Loose dog"]);
      did(act);
      return false;
    default:
      throw new Error(act);
  }
  await ana.page.waitForURL((url) => !url.pathname.startsWith("/door/"));
  did(act);
  return false;
}

/** One act at the door in the dock; a door that it leaves to do is not home. */
async function atDoor(door) {
  // Each once, then by chance; what this door has not the people for is done at the next.
  const act = ACTS.find(([, act]) => !done.has(act))?.[1] ?? thumb.pick(ACTS);
  if (!["not-home", "undo", "redo"].includes(act)) {
    const isLeft = await onItsPage(door, act);
    await thumb.settled();
    if (isLeft) {
      await thumb.tap("#not-home");
      await ana.page.waitForURL((url) => !url.pathname.startsWith("/door/"));
      record(door, "not_home");
    }
    return toList();
  }
  const before = await shows();
  await thumb.tap("#not-home");
  await moved(before);
  record(door, "not_home");
  if (act === "not-home") return did(act);
  const after = await shows();
  await thumb.tap("#undo", { manner: "quick" });
  await moved(after);
  record(door, "todo", -1);
  if (act === "redo") {
    const back = await shows();
    await thumb.tap("#redo", { manner: "quick" });
    await moved(back);
    record(door, "not_home");
  }
  did(act);
}

test("one tap, one result, however often and fast the thumb taps, on fast phones and slow", { timeout: 600_000 + N_DOORS * 20_000 }, async (t) => {
  await firstBuilding();
  for (let n = 0; n < N_DOORS; n += 1) {
    if (n % Math.ceil(N_DOORS / 6) === 0) {
      const part = Math.floor(n / Math.ceil(N_DOORS / 6));
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: SPEEDS[part % 3] });
      await ana.page.setViewportSize(part < 3 ? PHONE : SMALL);
      await thumb.settled();
    }
    for (;;) {
      if (await ana.page.locator("#next .acts.one").count()) await passBuilding();
      else if (await ana.page.locator("#skip").count()) await passDanger();
      else break;
    }
    const door = await docked();
    await atDoor(door).catch(async (cause) => {
      // What stands on the page then, and when the last touches fell.
      const there = await ana.page.evaluate(() => ({
        gaps: [...globalThis.downs, Math.round(performance.now())].map((at, n, all) => at - (all[n - 1] ?? at)).slice(1),
        sheet: document.querySelector("dialog[open]")?.textContent.slice(0, 120),
        history: document.querySelector(".history")?.textContent.slice(0, 200),
        strip: document.querySelector("#undo")?.textContent,
      }));
      await ana.page.screenshot({ path: `target/artefacts/browser/thumb-${SEED}.png` });
      throw new Error(`at ${door}, after ${thumb.last.join(", ")}, on ${ana.page.url()}: ${JSON.stringify(there)}`, { cause });
    });
  }
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await ana.page.setViewportSize(PHONE);
  assert.deepEqual(await foundUnits(), units);
  assertSame(await found(), meant);
  assert.deepEqual(ACTS.map(([, act]) => act).filter((act) => !done.has(act)), [], "acts that were never done");
  t.diagnostic(`${N_DOORS} doors, ${thumb.nTaps} taps, ${meant.size} results, ${units.size} buildings, ${nUnheard} answers tapped again`);
  ana.assertCalm();
});
