// The dock of Walk, Map and Building: it rests after each change, its strip takes back act by act, and nothing covers or cuts its acts,
// at 320 px and with text at 200 % and 310 %, too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Device, PHONE, Person, Relay, SMALL, demo, folder } from "./harness.mjs";

let relay, ana, ben, page, links;

before(async () => {
  relay = await new Relay(folder()).start();
  links = demo(relay, 320, 320);
  ana = await new Person("Ana", PHONE, relay).open();
  page = ana.page;
  await ana.join(links.canvasser);
  await page.locator("#next").waitFor();
});

after(async () => {
  await ana?.context?.close();
  await ben?.kill();
  await relay?.kill();
});

const plate = () => page.locator("#next .plate").textContent();
const isRested = () => page.waitForFunction(() => !("rests" in document.documentElement.dataset));

/** Skips buildings, which have one act. */
async function atHouse() {
  await page.locator("#next").waitFor();
  while (await page.locator("#next .acts.one").count()) {
    await page.locator("#next .acts .btn").click();
    await page.locator("ul.units").first().waitFor();
    while (await page.locator(".floor .btn").count()) await ana.recorded(() => page.locator(".floor .btn").first().click());
    while (await page.locator("#not-home").count()) await ana.recorded(() => page.locator("#not-home").click());
    await ana.go("/walk");
    await page.locator("#next").waitFor();
  }
  await isRested();
}

/** What is wrong with the acts of the dock: covered by something, out of the window, or with words that leave them. */
function faults() {
  const acts = [...document.querySelectorAll("#dock button, #dock .acts a, #dock .top")];
  return acts.flatMap((act) => {
    const area = act.getBoundingClientRect();
    const there = document.elementFromPoint(area.x + area.width / 2, area.y + area.height / 2);
    const name = act.id || act.className;
    const told = [];
    if (!act.contains(there)) told.push(`${name} is covered by ${there?.className}`);
    if (area.right > innerWidth + 1 || area.left < -1) told.push(`${name} leaves the window`);
    if (area.height < 47.5 && act.matches(".btn")) told.push(`${name} is ${area.height} px high`);
    if (act.scrollWidth > act.clientWidth + 1) told.push(`the words leave ${name}`);
    return told;
  });
}

/** Elements that are wider than the window. */
const wide = () => [...document.querySelectorAll("#app *")].filter((one) => !one.closest("svg") && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.className);

test("clicks of a program 15 ms apart, and ten a second, record one door", async () => {
  await atHouse();
  const first = await plate();
  await ana.recorded(() => page.locator("#not-home").evaluate((act) => { act.click(); setTimeout(() => document.querySelector("#not-home")?.click(), 15); }));
  for (let n = 0; n < 10; n += 1) {
    await page.evaluate(() => document.querySelector("#not-home")?.click());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await isRested();
  assert.match(await page.locator(".undo p").textContent(), new RegExp(`^${first} `));
  assert.equal(await ana.marked("not_home"), 1);
});

test("a tap that was meant for the dangerous door in the dock records nothing when another phone has lifted the danger", async () => {
  await atHouse();
  ben = new Device("Ben", folder());
  await ben.ask({ join: { join: { link: links.canvasser, name: "Ben", campaign: null } } });
  await ben.ask({ sync: { sync_now: {} } });
  const door = (await page.locator("#next .top").getAttribute("href")).replace("/door/", "");
  const tell = async (is_set) => {
    await ben.ask({ visit: { set_flag: { about: { kind: "door", id: door }, flag: "danger", is_set } } });
    await ben.ask({ sync: { sync_now: {} } });
  };
  await tell(true);
  await page.locator("#skip").waitFor();
  const before = await page.locator("#undo").getAttribute("aria-label");
  // The tap falls in the moment in which the other act is drawn under the thumb.
  const fell = page.evaluate(
    () =>
      new Promise((resolve) => {
        new MutationObserver((_, observer) => {
          const act = document.querySelector("#not-home");
          if (!act) return;
          observer.disconnect();
          act.click();
          resolve(true);
        }).observe(document.body, { subtree: true, childList: true });
      }),
  );
  await tell(false);
  await fell;
  await isRested();
  await page.locator("#not-home:not([aria-disabled])").waitFor();
  assert.equal(await page.locator("#undo").getAttribute("aria-label"), before, "nothing was recorded");
  assert.equal(await page.locator("#next .top").getAttribute("href"), `/door/${door}`);
});

test("undo goes back act by act, names each, outlives a reload, and redo puts it again", async () => {
  await ana.go("/walk");
  await atHouse();
  const second = await plate();
  await ana.recorded(() => page.locator("#not-home").click());
  await page.reload();
  await page.locator("#undo").waitFor();
  assert.match(await page.locator(".undo p").textContent(), new RegExp(`^${second} `));
  await page.locator("#undo").click();
  await page.getByText("1 taken back").waitFor();
  assert.equal(await plate(), second, "the card shows the door again");
  await page.locator("#undo").click();
  await page.getByText("2 taken back").waitFor();
  await page.getByText("Nothing recorded yet").waitFor();
  await ana.picture("walk-undo");
  await page.locator("#redo").click();
  await page.getByText("1 taken back").waitFor();
  await page.locator("#redo").click();
  await page.locator("#redo").waitFor({ state: "detached" });
  assert.equal(await ana.marked("not_home"), 2);
});

test("two doors within three seconds are asked about, and Undo takes the second back", async () => {
  await ana.go("/walk");
  await atHouse();
  await ana.recorded(() => page.locator("#not-home").click());
  await isRested();
  if (await page.locator("#not-home").count()) {
    const second = await plate();
    await ana.recorded(() => page.locator("#not-home").click());
    await page.locator(".undo.ask").waitFor();
    await ana.picture("walk-ask");
    await page.getByRole("button", { name: new RegExp(`^Undo ${second} `) }).click();
    await page.locator(".undo.ask").waitFor({ state: "detached" });
    assert.equal(await plate(), second);
  }
});

test("nothing covers the dock's acts or cuts them, on list, map and building, at 320 px and with large text", async () => {
  for (const [size, scale] of [[PHONE, 100], [SMALL, 100], [PHONE, 200], [SMALL, 200], [SMALL, 310]]) {
    await page.setViewportSize(size);
    for (const where of ["/walk", "/map"]) {
      await ana.go(where);
      await page.locator("#next").waitFor();
      await page.evaluate((scale) => (document.documentElement.style.fontSize = `${scale}%`), scale);
      await isRested();
      assert.deepEqual(await page.evaluate(faults), [], `${where} at ${size.width} px, ${scale} %`);
      assert.deepEqual(await page.evaluate(wide), [], `${where} at ${size.width} px, ${scale} %`);
      if (where === "/map") await ana.mapRests();
      await page.screenshot({ path: `target/artefacts/browser/dock${where.replace("/", "-")}-${size.width}-${scale}.png` });
    }
  }
  await page.setViewportSize(PHONE);
  ana.assertCalm();
});

test("the map goes with whoever walks and turns with them, until it is moved by hand; a refusal says what to do", async () => {
  await ana.go("/map");
  await ana.mapRests();
  await page.locator("#map-me").click();
  await page.getByText("This device does not say where it is.").waitFor();
  const middle = () => page.evaluate(() => [__porchMap.getCenter().lng, __porchMap.getCenter().lat, __porchMap.getBearing()]);
  const [lon, lat] = await middle();
  const is = (east) => ana.context.setGeolocation({ longitude: lon + east / 90_000, latitude: lat });
  const looks = (east, bearing) =>
    page.waitForFunction(
      ([lon, bearing]) => Math.abs(__porchMap.getCenter().lng - lon) < 0.00002 && Math.abs(__porchMap.getBearing() - bearing) < 3,
      [lon + east / 90_000, bearing],
    );
  await ana.context.grantPermissions(["geolocation"]);
  await is(20);
  await page.locator("#map-me").click();
  await looks(20, 0);
  await page.getByText("This device does not say where it is.").waitFor({ state: "detached" });
  await page.locator("#next .where").getByText(/\d+ m from you/).waitFor();
  await is(60);
  await looks(60, 90);
  await page.getByText("map turns with you").waitFor();
  await ana.picture("map-follow");
  // Moved by hand: the dot goes on, the map stays.
  const box = await page.locator(".map-canvas").boundingBox();
  await page.mouse.move(box.x + 200, box.y + 120);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 160, { steps: 8 });
  await page.mouse.up();
  await page.getByText("map turns with you").waitFor({ state: "detached" });
  const moved = await page.waitForFunction(() => !__porchMap.isMoving()).then(middle);
  const told = await page.locator("#next .where").textContent();
  await is(140);
  await page.waitForFunction((before) => document.querySelector("#next .where").textContent !== before, told);
  assert.deepEqual(await middle(), moved);
  await page.locator("#map-next").click();
  await page.waitForFunction(() => Math.abs(__porchMap.getBearing()) < 0.5);
  ana.assertCalm();
});

/** Records doors of the page's dock, with the page looked at while the strip is fresh and while it asks about two that came so soon. */
async function whileFreshAndAsked(where) {
  const seen = new Set();
  const strip = page.locator(".undo.new, .undo.ask");
  for (let n = 0; n < 8 && seen.size < 2; n += 1) {
    await isRested();
    // Saying that both were meant leaves a fresh act.
    if (seen.has("ask")) await page.getByRole("button", { name: "Both", exact: true }).click();
    else await ana.recorded(() => page.locator("#not-home").click());
    await strip.waitFor();
    const kind = (await strip.getAttribute("class")).split(" ")[1];
    await ana.assertClear(`${where}, ${kind}`);
    seen.add(kind);
  }
  assert.deepEqual([...seen].sort(), ["ask", "new"], where);
}

test("nothing covers a control, on list, map and building, while the strip is quiet, fresh or asks", async () => {
  await ana.go("/walk");
  await atHouse();
  await page.locator("#find").click();
  const buildings = page.locator("ol.list.doors a[href^='/building/']");
  const building = await buildings.filter({ hasText: "· 0 of" }).first().getAttribute("href");
  const places = ["/walk", "/map", building];
  const open = async (where) => {
    await ana.go(where);
    await page.locator("#undo").waitFor();
    if (where === "/map") await ana.mapRests();
    await isRested();
  };
  for (const where of places) {
    await open(where);
    assert.match(await page.title(), /^(Walk|Map|Building) · Porchlight$/);
    await ana.assertClear(`${where}, quiet`);
  }
  for (const where of places) {
    if (where !== building) await ana.go("/walk");
    if (where !== building) await atHouse();
    if (where !== "/walk") await open(where);
    await whileFreshAndAsked(where);
  }
  ana.assertCalm();
});

/** Text that is cut off inside its box, and things to touch that are lower than 44 px. */
function cutOrLow() {
  const isSeen = (part) => part.checkVisibility() && !part.closest(".unseen, svg, .maplibregl-map") && part.getBoundingClientRect().width > 1;
  const name = (part) => `${part.tagName}.${part.className}: ${part.textContent.trim().slice(0, 40)}`;
  const told = [...document.querySelectorAll("#app *, dialog[open] *")].filter(isSeen).flatMap((part) => {
    const hasText = [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    const { display, fontSize, overflowX } = getComputedStyle(part);
    if (!hasText || display === "inline") return [];
    // Letters may reach a little over their line; a line that does not fit is more than that.
    const isCut = part.scrollHeight > part.clientHeight + 0.3 * parseFloat(fontSize) || (overflowX !== "visible" && part.scrollWidth > part.clientWidth + 1);
    return isCut || part.getBoundingClientRect().right > innerWidth + 1 ? [`cut: ${name(part)}`] : [];
  });
  const targets = "a.li, button.li, .tabs a, .fold, .unit, .float .btn, .views > button, .floors button, dialog[open] .btn, main .btn";
  const low = [...document.querySelectorAll(targets)].filter(isSeen).filter((part) => part.getBoundingClientRect().height < 43.5);
  return [...told, ...low.map((part) => `${part.getBoundingClientRect().height} px: ${name(part)}`)];
}

test("no text is cut off and nothing to touch is small on a phone's other pages and sheets, at 320 px with text at 200 % and 310 %", async () => {
  await ana.wholeList();
  const building = await page.locator("ol.list.doors a[href^='/building/']").first().getAttribute("href");
  const door = await page.locator("ol.list.doors a[href^='/door/']").first().getAttribute("href");
  await page.setViewportSize(SMALL);
  const found = [];
  const look = async (what) => {
    for (const percent of [200, 310]) {
      await page.evaluate((size) => (document.documentElement.style.fontSize = `${size}%`), percent);
      for (const fault of await page.evaluate(cutOrLow)) found.push(`${what}, ${percent} %: ${fault}`);
    }
    await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  };
  for (const [where, here] of [[building, "ul.units"], ["/turf", "ul.turfs"], ["/me", "#language"], ["/shift", "#safe"], ["/join", "#join-link"], ["/hub", "main form"], ["/map", "#map-all"]]) {
    await ana.go(where);
    await page.locator(here).first().waitFor();
    await look(where);
  }
  await ana.go(door);
  for (const [row, here] of [["#more-danger", "#danger-words"], ["#more-come-back", "#come-back-words"]]) {
    await isRested();
    await page.locator("#more-results").click();
    await isRested();
    await page.locator(row).click();
    await page.locator(here).waitFor();
    await look(here);
    await isRested();
    await page.goBack();
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  }
  await page.setViewportSize(PHONE);
  assert.deepEqual(found, []);
  ana.assertCalm();
});

/** What is wrong with a page whose dock stands beside its content. */
function notBeside() {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const [main, dock, side] = [box("main"), box("#dock"), document.querySelector(".side") ? box(".side") : null];
  const told = [];
  if (main.right > dock.left + 1) told.push("the dock does not stand beside the content");
  if (Math.abs(main.bottom - innerHeight) > 1 || Math.abs(dock.bottom - innerHeight) > 1) told.push("something lies under the content or the dock");
  if (Math.abs(dock.right - innerWidth) > 1) told.push("there is room beside the dock");
  if (side && (side.bottom > dock.top + 1 || side.left < main.right - 1)) told.push("the side panel lies over the dock or the content");
  return told;
}

test("on a tablet that lies the dock stands beside list, map, door and talk, and all is as large as on a phone; on one that stands it lies under them", async () => {
  await ana.close();
  Object.assign(ana, { hasTouch: true, viewport: { width: 1180, height: 820 } });
  page = (await ana.open()).page;
  await ana.wholeList();
  const door = await page.locator("ol.list.doors a[href^='/door/']").first().getAttribute("href");
  const found = [];
  for (const where of ["/walk", "/map", door, "talk"]) {
    if (where === "talk") await page.getByRole("link", { name: /^(Talk|Go on) with/ }).first().click();
    else await ana.go(where);
    await page.locator("#dock .acts .btn").first().waitFor();
    if (where === "talk") await page.getByRole("radio").first().waitFor();
    for (const [width, height] of [[1180, 820], [820, 1180]]) {
      await page.setViewportSize({ width, height });
      await page.waitForFunction(([width, shape]) => innerWidth === width && document.querySelector(`.app.${shape} main`), [width, width > height ? "is-desk" : "is-phone"]);
      await isRested();
      const told = [faults, wide, cutOrLow, ...(width > height ? [notBeside] : [])];
      for (const ask of told) for (const fault of await page.evaluate(ask)) found.push(`${where} at ${width} px: ${fault}`);
      await ana.picture(`tablet${where === "talk" || where === door ? (where === door ? "-door" : "-talk") : where.replace("/", "-")}-${width}`);
    }
    await page.setViewportSize({ width: 1180, height: 820 });
  }
  assert.deepEqual(found, []);
  ana.assertCalm();
});
