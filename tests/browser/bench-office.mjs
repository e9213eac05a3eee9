// The office's figures in Chromium, with 750 turf and 30,000 doors, against a relay's process: node tests/browser/bench-office.mjs
import { figure, quantile } from "./figures.mjs";
import { DESK, Device, Person, Relay, demo, folder } from "./harness.mjs";

const N_DOORS = 30_000;
const DOORS_PER_TURF = 40;
/** The visits of one batch in each turf: about 2,250 in all. */
const VISITS_PER_TURF = 3;
/** How often each page takes such a batch in. */
const N_BATCHES = 2;
const N_STARTS = 7;
const N_ARRIVALS = 10;
const N_PANS = 40;

const relay = await new Relay(folder()).start();
const links = demo(relay, N_DOORS, DOORS_PER_TURF);
const olga = await new Person("Olga", DESK, relay).open();
await olga.join(links.coordinator);
await olga.sync();
const otto = new Device("Otto", folder());
await otto.ask({ join: { join: { link: links.captain, name: "Otto", campaign: null } } });
await otto.ask({ sync: { sync_now: {} } });
const { turfs } = await otto.ask({ office: { dashboard: {} } });
const left = new Map();
for (const { turf } of turfs) {
  const { rows } = await otto.ask({ walk: { walk: { turf } } });
  left.set(turf, rows.flatMap(({ stop }) => (stop.kind === "door" ? [stop.id] : [])));
}
const nDoors = turfs.reduce((sum, { tally }) => sum + tally.n_doors, 0);
console.log(`${turfs.length} turf, ${nDoors} doors`);

let nVisits = 0;
async function visit(turf) {
  const door = left.get(turf).pop();
  if (!door) return;
  await otto.ask({ visit: { record_visit: { doors: [door], voter: null, how: "door", result: "not_home", answers: {}, note: "" } } });
  nVisits += 1;
}

/** Gives the page a way to ask the engine's worker beside the interface. */
async function askable(person) {
  await person.context.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    let worker, lastId = 1_000_000_000;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (typeof message?.call === "string") worker = this;
      return postMessage.call(this, message, ...rest);
    };
    globalThis.isAskable = () => worker !== undefined;
    globalThis.askWorker = (call) =>
      new Promise((resolve) => {
        const id = (lastId += 1);
        const answered = ({ data }) => {
          if (data.id !== id) return;
          worker.removeEventListener("message", answered);
          resolve(data.ok === undefined ? Promise.reject(new Error(data.err)) : JSON.parse(data.ok));
        };
        worker.addEventListener("message", answered);
        postMessage.call(worker, { id, call: JSON.stringify(call) });
      });
  });
}

/** Milliseconds from the navigation to the page until all that was recorded meanwhile has come in. */
async function syncs(where) {
  await olga.close();
  for (const { turf } of turfs) for (let n = 0; n < VISITS_PER_TURF; n += 1) await visit(turf);
  await otto.ask({ sync: { sync_now: {} } });
  await olga.open();
  await askable(olga);
  await olga.page.goto(new URL(where, relay.url).href, { waitUntil: "commit" });
  await olga.page.waitForFunction(() => globalThis.isAskable?.(), null, { polling: 50 });
  return olga.page.evaluate(async (nVisits) => {
    for (;;) {
      await askWorker({ sync: { sync_now: {} } });
      const tookMs = performance.now();
      const { totals } = await askWorker({ office: { dashboard: {} } });
      if (totals.n_attempts === nVisits) return tookMs;
    }
  }, nVisits);
}

/** Milliseconds from the navigation to a page until this is there and painted. */
async function starts(where, selector, isThere = () => true) {
  const times = [];
  for (let n = 0; n < N_STARTS; n += 1) {
    await olga.page.goto(new URL(where, relay.url).href, { waitUntil: "commit" });
    await olga.page.locator(selector).first().waitFor();
    await olga.page.waitForFunction(isThere, null, { polling: "raf" });
    times.push(await olga.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))));
  }
  return times;
}

const took = { "/me": [], "/office/turf": [] };
for (let n = 0; n < N_BATCHES; n += 1) {
  for (const where of n % 2 === 0 ? ["/me", "/office/turf"] : ["/office/turf", "/me"]) {
    const before = nVisits;
    const ms = await syncs(where);
    took[where].push(ms);
    console.log(`${nVisits - before} visits come in on ${where}: ${(ms / 1000).toFixed(1)} s`);
  }
}
const [me, turf] = Object.values(took).map((times) => quantile(times, 0.5));
figure("sync of a day with Turf open, against Me open", `${(turf / me).toFixed(2)} times (${(turf / 1000).toFixed(1)} s, ${(me / 1000).toFixed(1)} s)`, "1.2 times", turf <= me * 1.2);

const today = await starts("/office", "dl.figures .figure");
figure("Today from the navigation to painted", `median ${quantile(today, 0.5).toFixed(0)} ms, worst ${Math.max(...today).toFixed(0)} ms`, "200 ms", quantile(today, 0.5) <= 200);

// A visit of another device: from the end of its sync to the figure on the screen.
const arrivals = [];
for (let n = 0; n < N_ARRIVALS; n += 1) {
  const before = await olga.page.locator("dl.figures .figure").nth(1).textContent();
  await visit(turfs[n].turf);
  const painted = olga.page.waitForFunction((before) => document.querySelectorAll("dl.figures .figure")[1]?.textContent !== before, before, { polling: "raf" });
  await otto.ask({ sync: { sync_now: {} } });
  const start = performance.now();
  await painted;
  arrivals.push(performance.now() - start);
}
figure("a visit at the relay, until Today shows it", `median ${quantile(arrivals, 0.5).toFixed(0)} ms, worst ${Math.max(...arrivals).toFixed(0)} ms`, "300 ms", quantile(arrivals, 0.5) <= 300);

const cold = await starts("/office/turf", "tr[data-turf]", () => document.querySelector(".map-canvas[data-idle]") !== null);
figure("Turf from the navigation to a drawn map", `median ${quantile(cold, 0.5).toFixed(0)} ms, worst ${Math.max(...cold).toFixed(0)} ms`, "1.5 s", quantile(cold, 0.5) <= 1500);

// Frames while the map is panned and zoomed, drawn by software.
const frames = await olga.page.evaluate(async (nPans) => {
  const map = globalThis.__porchMap;
  const times = [];
  let isOver = false;
  const count = (at) => {
    times.push(at);
    if (!isOver) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  for (let n = 0; n < nPans; n += 1) {
    const ended = new Promise((resolve) => map.once("moveend", resolve));
    if (n % 4 === 3) map.zoomTo(map.getZoom() + (n % 8 === 3 ? 1.5 : -1.5), { duration: 400 });
    else map.panBy([n % 2 === 0 ? 300 : -300, n % 3 === 0 ? 150 : -150], { duration: 300 });
    await ended;
  }
  isOver = true;
  return times.slice(1).map((at, n) => at - times[n]);
}, N_PANS);
const perSecond = (1000 * frames.length) / frames.reduce((sum, ms) => sum + ms, 0);
figure("panning and zooming Turf, drawn by software", `${perSecond.toFixed(0)} frames a second, slowest of a hundred ${quantile(frames, 0.99).toFixed(0)} ms`, "30 a second", perSecond >= 30);
await olga.close();
await otto.kill();
await relay.kill();
process.exit(0);
