// Firefox: an office that founds a campaign and cuts turf, a canvasser's shift offline, a captain's hub, and the relay again; on a network
// that has no way out.
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { ADDRESS, DESK, Device, PHONE, Relay, alone, demo, folder, isAlone, town } from "./harness.mjs";
import { Firefox } from "./firefox.mjs";
import { recordShift } from "./shift.mjs";

if (!isAlone) test("Firefox, without internet", () => alone("tests/browser/firefox.test.mjs"));

let relay, links, office, ana, carl;

before(async () => {
  if (!isAlone) return;
  // A router that leads nowhere, as in an office whose line is down: Firefox names the address on the way to the world, and no other.
  execFileSync("ip", ["route", "add", "default", "via", "192.168.77.2"]);
  relay = await new Relay(folder()).start();
  links = demo(relay, 300, 40);
  ana = await new Firefox("Ana", PHONE, relay).open();
  carl = new Device("Carl", folder(), `${ADDRESS}:8788`);
  await carl.ask({ join: { join: { link: links.captain, name: "Carl", campaign: null } } });
});

after(async () => {
  await office?.close();
  await ana?.close();
  await carl?.kill();
  await relay?.kill();
});

const inside = { skip: !isAlone };

test("an office founds a campaign, brings in its files and cuts turf", inside, async () => {
  office = await new Firefox("Olga", DESK, relay).open();
  await office.go(relay.founding());
  await office.type("#join-campaign", "Lamps for Lantern Falls");
  await office.type("#join-name", "Olga");
  await office.pressButton("Found the campaign");
  await office.says("h2", "Four steps to the first door");
  await office.go("/office/data");
  for (const file of town(folder(), 300)) {
    await (await office.see("#file")).sendKeys(file);
    await office.pressButton("Import ");
    await office.says("*[@role='status']", "imported.");
    await office.pressButton("Close");
  }
  await office.says("h2", "Imported data");
  await office.picture("data");
  await office.go("/office/turf");
  await office.type("#cut-name", "Riverside");
  await office.pressButton("Preview");
  await office.says("*", "Riverside 1: ");
  await office.pressButton("Cut");
  await office.see("table a[href^='/office/turf/']");
  await office.picture("turf");
});

test("the page joins, and is kept", inside, async () => {
  await ana.join(links.canvasser);
  await ana.kept();
  await ana.picture("walk");
  // While there is a relay Carl's device learns whom to let in.
  await carl.ask({ sync: { sync_now: {} } });
});

test("without the relay, closed and opened again, list and map are there", inside, async () => {
  await relay.kill();
  await ana.close();
  await ana.open();
  await ana.go("/");
  await ana.see("#next");
  await ana.pressLink("Map");
  await ana.see(".map-zoom");
  await ana.picture("map-offline");
});

test("records: a talk with a note, nobody home, a refusal, a mistap taken back, a person", inside, () => recordShift(ana));

test("results reach the captain's hub while there is no relay", inside, async () => {
  const { open } = await carl.ask({ hub: { host_hub: { is_open: true } } });
  await ana.go(open.door.link);
  await ana.pressButton("Yes, use this hub");
  await ana.says("*", "results are with Carl, too.");
  await ana.picture("hub-in-use");
});

test("the relay comes back and has everything", inside, async () => {
  await relay.start();
  await ana.go("/me");
  await ana.pressButton("Sync now");
  await ana.says("*", "Everything recorded on this");
  await ana.picture("me-safe");
});
