// The page of all turf: it fills the window, and open it leaves the engine to the sync: how often it asks anew is bounded by what that costs, not by how
// much comes in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, Device, PHONE, Person, Relay, demo, folder } from "./harness.mjs";

/** As in ui/src/load.rs: a call rests so many times as long as it took, and one that took less than so much does not. */
const REST = 4;
const LIGHT_MS = 25;
/** How many visits come in, and with how many syncs. */
const N_VISITS = 120;
const N_SYNCS = 30;

let relay, olga, otto;

before(async () => {
  relay = await new Relay(folder()).start();
  const links = demo(relay, 400, 10);
  olga = await new Person("Olga", DESK, relay).open();
  // What the page asks the worker, and how long each answer took.
  await olga.context.addInitScript(() => {
    globalThis.asked = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      // A call stands in its group: { office: { dashboard: {} } }.
      const [name] = typeof message?.call === "string" ? Object.values(JSON.parse(message.call)).flatMap(Object.keys) : [];
      if (name) {
        const one = { name, at: performance.now() };
        asked.push(one);
        this.addEventListener("message", ({ data }) => {
          if (data.id === message.id) one.took ??= performance.now() - one.at;
        });
      }
      return postMessage.call(this, message, ...rest);
    };
  });
  await olga.join(links.coordinator);
  await olga.sync();
  otto = new Device("Otto", folder());
  await otto.ask({ join: { join: { link: links.captain, name: "Otto", campaign: null } } });
  await otto.ask({ sync: { sync_now: {} } });
});

after(async () => {
  await olga?.context?.close();
  await otto?.kill();
  await relay?.kill();
});

test("however many changes come in, the page of all turf asks no more often than it costs, and ends up to date", async () => {
  await olga.go("/office/turf");
  await olga.mapRests();
  await olga.page.evaluate(() => {
    asked.length = 0;
    globalThis.began = performance.now();
  });
  const cards = await otto.ask({ office: { dashboard: {} } });
  const doors = [];
  for (const { turf } of cards.turfs) {
    const { rows } = await otto.ask({ walk: { walk: { turf } } });
    doors.push(...rows.flatMap(({ stop }) => (stop.kind === "door" ? [stop.id] : [])));
  }
  assert.ok(doors.length >= N_VISITS, `${doors.length} houses`);
  for (let n = 0; n < N_VISITS; n += 1) {
    await otto.ask({ visit: { record_visit: { doors: [doors[n]], voter: null, how: "door", result: "not_home", answers: {}, note: "" } } });
    if ((n + 1) % (N_VISITS / N_SYNCS) === 0) await otto.ask({ sync: { sync_now: {} } });
  }
  await olga.page.waitForFunction(
    (n) => [...document.querySelectorAll("table tbody tr")].reduce((sum, row) => sum + Number(row.dataset.done), 0) === n,
    N_VISITS,
    { polling: 100 },
  );
  const { calls, tookMs } = await olga.page.evaluate(() => ({ calls: asked, tookMs: performance.now() - began }));
  for (const name of ["dashboard"]) {
    const took = calls.filter((call) => call.name === name).map((call) => call.took ?? 0);
    const heavy = took.filter((ms) => ms > LIGHT_MS);
    const spent = heavy.reduce((sum, ms) => sum + ms, 0);
    console.log(`${name}: ${took.length} calls, ${Math.round(spent)} of ${Math.round(tookMs)} ms`);
    assert.ok(took.length >= 1, `${name} was asked again`);
    // The last one is followed by no rest.
    const last = Math.max(0, ...heavy);
    assert.ok((spent - last) * (1 + REST) <= tookMs + last, `${name}: ${heavy} of ${tookMs} ms`);
  }
  olga.assertCalm();
});

/** Waits until this turf is the picked one, in the address, on the map and in the table; none where it is undefined. */
async function isPicked(turf) {
  await olga.page.waitForURL((url) => url.pathname === (turf ? `/office/turf/${turf}` : "/office/turf"));
  const isAll = (wanted) => {
    const { features } = globalThis.__porchMap.getStyle().sources.outlines.data;
    const map = features.filter(({ properties }) => properties.on === 1).map(({ properties }) => properties.id);
    const table = [...document.querySelectorAll("tr.on")].map((row) => row.dataset.turf);
    return map.join() === wanted && table.join() === wanted;
  };
  await olga.page.waitForFunction(isAll, turf ?? "", { polling: 100 });
}

test("the page of all turf fills the window; a row, the keys and the filter find the same turf on map and table, and closing it leaves the map where it is", async () => {
  const { page } = olga;
  await olga.go("/office/turf");
  await olga.mapRests();
  const rows = page.locator("tr[data-turf]");
  await rows.first().waitFor();
  const overflows = await page.evaluate(() => [document.scrollingElement, document.querySelector("#main")].map((box) => box.scrollHeight - box.clientHeight));
  assert.ok(overflows.every((px) => px <= 1), `only lists scroll: ${overflows}`);
  const box = (of) => page.locator(of).boundingBox();
  const [map, drawer, side] = [await box(".office-map"), await box(".drawer"), await box(".side")];
  assert.ok(map.y + map.height <= drawer.y + 1 && drawer.y + drawer.height <= DESK.height + 1, "the table is under the map");
  assert.ok(side.x + side.width >= DESK.width - 1 && map.x + map.width <= side.x + 1, "the panel is beside both");
  await page.locator(".legend").getByText("unknown").waitFor();

  const order = await rows.evaluateAll((all) => all.map((row) => row.dataset.turf));
  await rows.nth(2).locator("td").nth(1).click();
  await isPicked(order[2]);
  // Near enough, the doors of the part in sight are drawn.
  const nearer = page.getByRole("button", { name: "Zoom in" });
  for (let n = 0; n < 6 && !(await page.locator(".legend").getByText("not home").isVisible()); n += 1) {
    const zoom = await page.evaluate(() => globalThis.__porchMap.getZoom());
    await nearer.click();
    await page.waitForFunction((zoom) => globalThis.__porchMap.getZoom() >= zoom + 0.9 && !globalThis.__porchMap.isMoving(), zoom, { polling: 100 });
  }
  await page.waitForFunction(() => globalThis.__porchMap.queryRenderedFeatures({ layers: ["stop"] }).length > 0, null, { polling: 100 });
  await page.locator(".legend").getByText("not home").waitFor();
  const camera = () => page.evaluate(() => [globalThis.__porchMap.getZoom(), ...globalThis.__porchMap.getCenter().toArray()]);
  const before = await camera();
  await page.keyboard.press("Escape");
  await isPicked(undefined);
  assert.deepEqual(await camera(), before, "the map stays where it is");
  await isRested();
  await page.keyboard.press("j");
  await isPicked(order[0]);
  await isRested();
  await page.keyboard.press("j");
  await isPicked(order[1]);
  await isRested();
  await page.keyboard.press("k");
  await isPicked(order[0]);

  const name = await rows.nth(5).locator("th a").textContent();
  await page.locator("#turf-filter").fill(name);
  await page.getByText(new RegExp(`^\\d+ of ${order.length} turf$`)).waitFor();
  assert.ok((await rows.allTextContents()).every((text) => text.includes(name)));
  await page.locator("#turf-filter").fill("");
  await page.getByRole("columnheader", { name: "Done" }).getByRole("button").click();
  await page.getByRole("columnheader", { name: "Done" }).getByRole("button").click();
  const done = await rows.evaluateAll((all) => all.map((row) => Number(row.dataset.done)));
  assert.deepEqual(done, done.toSorted((a, b) => b - a), "most done first");
  await olga.picture("turf-picked");

  // On a phone the picked turf is under the map, with its act on the first screen.
  await page.setViewportSize(PHONE);
  await olga.button("Hand out: show QR").waitFor();
  const act = await olga.button("Hand out: show QR").boundingBox();
  assert.ok(act.y + act.height < PHONE.height, `${act.y}`);
  await page.setViewportSize(DESK);
  olga.assertCalm();
});

/** A page that has just changed takes no key or tap for a moment. */
const isRested = () => olga.page.waitForFunction(() => !("rests" in document.documentElement.dataset));
