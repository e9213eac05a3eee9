// What goes wrong on a phone: the engine dies, a second tab opens, the browser has no room left, the link is wrong. Each says
// what to do, and nothing that was recorded is lost.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, demo, folder } from "./harness.mjs";

let relay, links, ana;

before(async () => {
  relay = await new Relay(folder()).start();
  links = demo(relay, 60, 60);
  ana = await new Person("Ana", PHONE, relay).open();
  await ana.join(links.canvasser);
  await ana.page.locator("#next").waitFor();
  await ana.kept();
});

after(async () => {
  await ana?.context?.close();
  await relay?.kill();
});

/** How many doors of the turf have a result. */
async function nDone() {
  return ana.marked("not_home");
}

test("the browser's answer about keeping the data is shown as it is", async () => {
  await ana.go("/me");
  await ana.page.getByText("The browser may remove Porchlight's data").waitFor();
  assert.equal(await ana.page.evaluate(() => navigator.storage.persisted()), false);
  const devtools = await ana.context.newCDPSession(ana.page);
  await devtools.send("Browser.grantPermissions", { origin: relay.url, permissions: ["durableStorage"] });
  await ana.button("Ask it to keep the data").click();
  await ana.page.getByText("The browser has promised to keep").waitFor();
  assert.equal(await ana.page.evaluate(() => navigator.storage.persisted()), true);
});

test("an engine that dies is started anew, with everything it had confirmed", async () => {
  await ana.notHome(0);
  const [worker] = ana.page.workers();
  const another = ana.page.waitForEvent("worker");
  await worker.evaluate(() => void setTimeout(() => { throw new Error("the test ends this engine"); }));
  const anew = await another;
  assert.equal(await anew.evaluate(() => self.name), "after-death", "it looks what the last one died of");
  await ana.notHome(1);
  assert.equal(await nDone(), 2);
});

test("a second tab says so, and can take over; the first one then says so", async () => {
  const [first, second] = [ana.page, await ana.context.newPage()];
  ana.page = second;
  await ana.patient(second);
  await ana.go("/walk");
  await second.getByRole("heading", { name: "Porchlight is open in another tab" }).waitFor();
  await second.setViewportSize(PHONE);
  await ana.picture("elsewhere");
  await ana.button("Use it here").click();
  await second.locator("ol.list.doors li").first().waitFor();
  await first.getByRole("heading", { name: "Porchlight is open in another tab" }).waitFor();
  await first.close();
  assert.equal(await nDone(), 2);
});

test("a map that the browser cannot draw for the moment is told, and is there once it can", async () => {
  // As when a phone short of memory has ended the process that draws.
  await ana.page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind.startsWith("webgl") && sessionStorage.cannotDraw ? null : getContext.call(this, kind, ...rest);
    };
  });
  await ana.page.evaluate(() => (sessionStorage.cannotDraw = "yes"));
  await ana.go("/map");
  const told = ana.page.getByText("The map cannot be drawn at the moment.");
  await told.waitFor();
  await ana.page.evaluate(() => sessionStorage.removeItem("cannotDraw"));
  await told.waitFor({ state: "detached" });
  await ana.mapRests();
});

test("when the browser has no room left it says so, and everything recorded before stays", async () => {
  const devtools = await ana.context.newCDPSession(ana.page);
  await ana.openHouse(2);
  const { usage } = await ana.page.evaluate(() => navigator.storage.estimate());
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: relay.url, quotaSize: usage });
  const long = "The dog is friendly; ring twice. ".repeat(60);
  const failed = ana.page.getByRole("alert").getByText("This device has no room left");
  let nKept = 0;
  for (; nKept < 200; nKept += 1) {
    await ana.button("Note").click();
    await ana.page.locator("#note").fill(`${nKept} ${long}`);
    await ana.button("Keep note").click();
    const isKept = ana.page.locator("#note").waitFor({ state: "detached" }).then(() => true);
    if (!(await Promise.race([isKept, failed.waitFor().then(() => false)]))) break;
  }
  assert.ok(nKept < 200, "the browser never ran out of room");
  await ana.page.locator("#no-room").getByText("This phone has no room left.").waitFor();
  await ana.page.locator("#sync-words").getByText(/^no room/).waitFor();
  await ana.picture("no-room");
  // The banner takes its room from the page, and covers nothing of it.
  await ana.page.goBack();
  await ana.page.locator("dialog[open]").waitFor({ state: "detached" });
  await ana.page.locator(".back").click();
  for (const [tab, here] of [["Walk", "#find"], ["Map", "#map-all"]]) {
    await ana.link(tab).click();
    await ana.page.locator(here).waitFor();
    await ana.page.locator("#no-room").waitFor();
    // A long list is drawn in parts.
    await ana.page.locator("ol[aria-busy]").waitFor({ state: "detached" });
    await ana.assertClear(`${tab} without room`);
  }
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: relay.url });
  await ana.go("/walk");
  await ana.notHome(2);
  await ana.sync();
  await ana.page.locator("#no-room").waitFor({ state: "detached" });
  assert.equal(await nDone(), 3);
  await ana.sync();
});

test("who joins on a phone without room is told so, not that there is no list and no connection, and gets the list once there is", async () => {
  // A list that is larger than what the browser gives each file of a database from the start.
  const elsewhere = await new Relay(folder()).start();
  const large = demo(elsewhere, 1000, 1000).canvasser;
  const ben = await new Person("Ben", PHONE, elsewhere).open();
  try {
    await ben.go(large);
    await ben.kept();
    const devtools = await ben.context.newCDPSession(ben.page);
    const { usage } = await ben.page.evaluate(() => navigator.storage.estimate());
    await devtools.send("Storage.overrideQuotaForOrigin", { origin: elsewhere.url, quotaSize: usage + 20_000 });
    await ben.page.getByLabel("Your name").fill("Ben");
    await ben.button("Join").click();
    const banner = ben.page.locator("#no-room");
    await banner.getByText("This phone has no room left. Free 50 MB or more").waitFor();
    await ben.page.getByText("What was handed out to this device waits at the relay").waitFor();
    assert.equal(await ben.page.getByText("Ask your captain").count(), 0);
    assert.equal(await ben.page.locator("#sync-words").textContent(), "no room left");
    assert.equal(await ben.page.getByText(/offline|all safe/).count(), 0);
    await ben.picture("join-no-room");
    // With room again the phone may find out by itself before the button is pressed.
    const again = await banner.getByRole("button").elementHandle();
    await devtools.send("Storage.overrideQuotaForOrigin", { origin: elsewhere.url });
    await again.evaluate((button) => button.click());
    await banner.waitFor({ state: "detached" });
    await ben.go("/walk");
    await ben.page.locator("#next").waitFor();
    ben.assertCalm();
  } finally {
    await ben.close();
    await elsewhere.kill();
  }
});

/** Presses a button whose notice stands below the page; gives the middle of the notice as it appears, and how many controls moved for it. */
function toldBelow(name) {
  const look = (name) => {
    const places = () => new Map([...document.querySelectorAll("main :is(a, button, input)")].map((one) => [one, JSON.stringify(one.getBoundingClientRect())]));
    const before = places();
    return new Promise((found, missed) => {
      setTimeout(missed, 20_000, new Error("no notice came"));
      const seen = new MutationObserver(() => {
        const notice = document.querySelector(".notice");
        if (!notice) return;
        seen.disconnect();
        const now = places();
        const nMoved = [...before].filter(([one, place]) => now.has(one) && now.get(one) !== place).length;
        const { x, y, width, height } = notice.getBoundingClientRect();
        found({ x: x + width / 2, y: y + height / 2, nMoved });
      });
      seen.observe(document.querySelector(".notices"), { childList: true, subtree: true });
      [...document.querySelectorAll("main .btn")].find((button) => button.textContent.includes(name)).click();
    });
  };
  return ana.page.evaluate(look, name);
}

test("results that no relay takes are handed over by file, and a captain brings them in", async () => {
  const cleo = await new Person("Cleo", DESK, relay).open();
  try {
    await cleo.join(links.captain);
    await cleo.sync();
    await ana.sync();
    await ana.context.setOffline(true);
    await ana.notHome(4);
    await ana.go("/me");
    await ana.page.locator("a[href='/shift']").first().click();
    await ana.page.getByText("1 waiting on this device").waitFor();
    await ana.picture("shift-held");
    let nDownloads = 0;
    ana.page.on("download", () => (nDownloads += 1));
    const [download, spot] = await Promise.all([ana.page.waitForEvent("download"), toldBelow("Hand over as a file")]);
    // Nothing on the page moves for it, and a finger that is on its way to what was there before presses nothing.
    assert.equal(spot.nMoved, 0);
    await ana.page.mouse.click(spot.x, spot.y);
    await ana.page.waitForFunction(() => !("rests" in document.documentElement.dataset));
    assert.equal(nDownloads, 1);
    assert.equal(new URL(ana.page.url()).pathname, "/shift");
    await ana.page.getByText(/\.json was handed to this browser’s downloads/).waitFor();

    await cleo.go("/office/team");
    const choose = cleo.page.getByLabel("A file that a phone handed over");
    const wrong = `${folder()}/wrong.json`;
    fs.writeFileSync(wrong, "name;street");
    await choose.setInputFiles(wrong);
    await cleo.page.getByText(/is not a file of results/).waitFor();
    await cleo.picture("handover-wrong");
    await choose.setInputFiles(await download.path());
    await cleo.page.getByText("One result of Ana is here now.").waitFor();
    await cleo.picture("handover");
    await cleo.sync();
    await ana.context.setOffline(false);
    await ana.sync();
    assert.equal(await nDone(), 4);
  } finally {
    await cleo.close();
  }
});

test("where scripts are switched off, the first screen says so and what to do", async () => {
  const dora = new Person("Dora", PHONE, relay, false);
  dora.hasScripts = false;
  await dora.open();
  try {
    for (const where of ["/", links.canvasser]) {
      await dora.go(where);
      // Playwright looks for no text in there, so the element itself is asked: whether it is seen, and what it says.
      const told = dora.page.locator("noscript");
      await told.waitFor();
      assert.match(await told.innerText(), /^Porchlight needs JavaScript and WebAssembly\. Switch scripts on for this page/);
      await dora.page.getByRole("heading", { name: "Porchlight" }).waitFor();
    }
    dora.hasScripts = true;
    await dora.close();
    await dora.open();
    await dora.go(links.canvasser);
    await dora.page.getByLabel("Your name").waitFor();
    assert.equal(await dora.page.locator("noscript").count(), 0);
  } finally {
    await dora.close();
  }
});

test("a wrong link and a dead relay are told on the first screen", async () => {
  const ben = await new Person("Ben", PHONE, relay).open();
  try {
    await ben.go("/join#nothing");
    await ben.page.getByText("This is not an invite link").waitFor();
    await ben.picture("join-wrong");
    await ben.go("/");
    await ben.go(links.canvasser);
    await ben.page.getByLabel("Your name").fill("Ben");
    await relay.kill();
    await ben.button("Join").click();
    await ben.page.getByText("No connection to the relay").waitFor();
    await ben.picture("join-offline");
    await relay.start();
    await ben.button("Join").click();
    await ben.page.locator("#next").waitFor();
  } finally {
    await ben.close();
  }
});
