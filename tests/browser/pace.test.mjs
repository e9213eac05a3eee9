// A page that is open leaves the engine to the sync: how often it asks anew is bounded by what that costs, not by how much comes in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, Device, Person, Relay, demo, folder } from "./harness.mjs";

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
    (n) => [...document.querySelectorAll("table tbody tr")].reduce((sum, row) => sum + parseInt(row.cells[2].textContent, 10), 0) === n,
    N_VISITS,
    { polling: 100 },
  );
  const { calls, tookMs } = await olga.page.evaluate(() => ({ calls: asked, tookMs: performance.now() - began }));
  for (const name of ["office_map", "dashboard"]) {
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
