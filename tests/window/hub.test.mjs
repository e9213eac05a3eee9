// A captain's native window as a hub, on a network that has no way out: opened by a button, found by its code, moved to another address,
// closed with the window and open again with it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { By } from "selenium-webdriver";
import { ADDRESS, Device, Relay, alone, demo, folder, giveIpv4, isAlone, takeIpv4, until } from "../browser/harness.mjs";
import { Window } from "./driver.mjs";

if (!isAlone) test("a hub in the window, without internet", () => alone("tests/window/hub.test.mjs"));

const inside = { skip: !isAlone };
const OTHER = "192.168.77.9";
let relay, carl, ana, link, door;

before(async () => {
  if (!isAlone) return;
  relay = await new Relay(folder()).start();
  const links = demo(relay, 200, 40);
  ana = new Device("Ana", folder(), "127.0.0.1:0");
  await ana.ask({ join: { join: { link: links.canvasser, name: "Ana", campaign: null } } });
  await ana.ask({ sync: { sync_now: {} } });
  const [card] = await ana.ask({ walk: { my_turf: {} } });
  const { rows } = await ana.ask({ walk: { walk: { turf: card.turf } } });
  door = rows.map((row) => row.stop).find((stop) => stop.kind === "door").id;
  carl = await new Window("Carl", folder(), { width: 1180, height: 800 }).open();
  await carl.type("#join-link", links.captain);
  await carl.press("button[type=submit]");
  await carl.type("#join-name", "Carl");
  await carl.pressButton("Join");
  await carl.see("nav");
});

after(async () => {
  await ana?.kill();
  await carl?.close();
  await relay?.kill();
});

test("a captain opens a hub and shows its code", inside, async () => {
  await carl.go("/office/team");
  await carl.says("span", "Ana");
  await relay.kill();
  await carl.pressButton("Open a hub");
  const field = await carl.see("#hub-host-link");
  link = await field.getAttribute("value");
  assert.match(link, new RegExp(`/hub#1\\.[0-9a-f]{64}\\.4361726c~${ADDRESS.replaceAll(".", "\\.")}:8788$`));
  await carl.says("p", "Nothing waits for the campaign's relay.");
  await carl.picture("hub-open");
});

test("a phone brings a result, and the window shows it", inside, async () => {
  const result = { doors: [door], voter: null, how: "door", result: "not_home", answers: {}, note: "" };
  await ana.ask({ visit: { record_visit: result } });
  const { n_at_hub } = await ana.ask({ hub: { use_hub: { link } } });
  assert.equal(n_at_hub, 1);
  await carl.says("p", "One result of a phone waits here for the campaign's relay.");
  await carl.says("li", "one result");
  await carl.picture("hub-guest");
});

test("the network goes, and comes back with another address: the window says so and shows the new code", inside, async () => {
  takeIpv4("porch0", ADDRESS);
  await carl.says("p", "this device is on no network");
  await carl.picture("hub-no-network");
  giveIpv4("porch0", OTHER);
  await carl.says("p", "One phone has not connected since");
  await carl.says("p", `${OTHER}:8788`);
  const field = await carl.see("#hub-host-link");
  link = await field.getAttribute("value");
  await carl.picture("hub-moved");
  assert.equal((await ana.ask({ hub: { use_hub: { link } } })).n_at_hub, 1);
  await carl.says("p", "Phones that scanned the old code must scan this one");
  takeIpv4("porch0", OTHER);
  giveIpv4("porch0", ADDRESS);
  await carl.says("p", `${ADDRESS}:8788`);
});

test("a window that is closed and opened is the same hub again", inside, async () => {
  await carl.close();
  await carl.open();
  await carl.see("nav");
  await ana.ask({ visit: { record_visit: { doors: [door], voter: null, how: "door", result: "not_home", answers: {}, note: "again" } } });
  // The window shows its places before the hub listens again.
  const { trouble } = await until(async () => {
    await ana.ask({ sync: { sync_now: {} } });
    const view = await ana.ask({ hub: { hub_in_use: {} } });
    return view.n_at_hub === 2 && view;
  });
  assert.equal(trouble, null);
});

test("the relay is back: the captain brings it there, and the hub is closed", inside, async () => {
  await relay.start();
  await carl.go("/me");
  await carl.pressButton("Sync now");
  await carl.says("p", "Everything recorded on this");
  await carl.go("/office/team");
  await carl.says("p", "Nothing waits for the campaign's relay.");
  assert.equal((await ana.ask({ sync: { sync_now: {} } })).n_held, 0);
  await carl.pressButton("Close the hub");
  await carl.says("button", "Open a hub");
  assert.equal((await carl.driver.findElements(By.css("#hub-host-link"))).length, 0);
});
