// An office without internet: the captain's app is a hub, and a canvasser's page reaches it with nothing but its code. All of it runs on a
// network that has no way out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ADDRESS, Device, PHONE, Person, Relay, alone, demo, folder, isAlone } from "./harness.mjs";

if (!isAlone) test("without internet", () => alone("tests/browser/hub.test.mjs"));

const kept = folder();
let relay, ana, carl, link;

const open = async () => (await carl.ask({ hub: { host_hub: { is_open: true } } })).open.door.link;

before(async () => {
  if (!isAlone) return;
  relay = await new Relay(folder()).start();
  const links = demo(relay, 200, 40);
  ana = await new Person("Ana", PHONE, relay).open();
  await ana.join(links.canvasser);
  await ana.kept();
  carl = new Device("Carl", kept, `${ADDRESS}:8788`);
  await carl.ask({ join: { join: { link: links.captain, name: "Carl", campaign: null } } });
  await carl.ask({ sync: { sync_now: {} } });
  link = await open();
});

after(async () => {
  await ana?.context.close();
  await carl?.kill();
  await relay?.kill();
});

const inside = { skip: !isAlone };

test("results reach the captain while there is no relay and no internet", inside, async () => {
  await ana.go("/walk");
  await ana.page.locator("#next").waitFor();
  await relay.kill();
  await ana.notHome(0);
  await ana.go("/hub");
  await ana.page.getByLabel("The hub's link").waitFor();
  await ana.picture("hub-none");
  await ana.page.getByLabel("The hub's link").fill("https://relay.example/hub#what");
  await ana.button("Use this hub").click();
  await ana.page.getByText("This is not a hub's link.").waitFor();
  await ana.picture("hub-wrong");

  const start = Date.now();
  await ana.go(link);
  // The code alone sends nothing: a person is asked first, and the code has left the address.
  await ana.page.getByRole("heading", { name: "Send results to the hub of Carl?" }).waitFor();
  assert.equal(new URL(ana.page.url()).hash, "");
  assert.deepEqual((await carl.ask({ hub: { hosted_hub: {} } })).guests, []);
  await ana.picture("hub-ask");
  await ana.button("Yes, use this hub").click();
  await ana.page.getByText("1 of 1 result is with Carl, too.").waitFor();
  console.log(`the page opened from its service worker and the hub had the result after ${Date.now() - start} ms`);
  await ana.picture("hub-in-use");
  const { n_to_carry, guests } = await carl.ask({ hub: { hosted_hub: {} } });
  assert.equal(n_to_carry, 1);
  assert.ok(guests.length <= 1);
});

test("later results go there by themselves, and what others brought comes back", inside, async () => {
  const turf = (await carl.ask({ walk: { my_turf: {} } }))[0] ?? (await carl.ask({ office: { dashboard: {} } })).turfs[0];
  assert.ok(turf);
  await ana.notHome(1);
  await ana.go("/hub");
  await ana.page.getByText("2 of 2 results are with Carl, too.").waitFor();
  await ana.go("/me");
  await ana.page.getByText("2 of 2 results are with Carl, too.").waitFor();
  await ana.picture("me-hub");
  await ana.link(/^End the shift$/).click();
  await ana.page.getByText("2 of 2 results are with Carl, too.").waitFor();
  await ana.picture("shift-hub");
});

test("a hub that dies is told, and found again with everything", inside, async () => {
  await carl.kill();
  await ana.notHome(2);
  await ana.go("/hub");
  await ana.button("Sync now").click();
  await ana.page.getByText("The hub does not answer.").waitFor();
  await ana.picture("hub-gone");
  carl = new Device("Carl", kept, `${ADDRESS}:8788`);
  link = await open();
  await ana.go(link);
  await ana.button("Yes, use this hub").click();
  await ana.page.getByText("3 of 3 results are with Carl, too.").waitFor();
});

test("the captain carries them to the relay, and then they are safe", inside, async () => {
  await relay.start();
  const { n_held } = await carl.ask({ sync: { sync_now: {} } });
  assert.equal(n_held, 0);
  assert.equal((await carl.ask({ hub: { hosted_hub: {} } })).n_to_carry, 0);
  await ana.sync();
  await ana.go("/hub");
  await ana.page.getByText("Everything recorded here is at the campaign's relay already.").waitFor();
  await ana.button("Stop using this hub").click();
  await ana.page.getByLabel("The hub's link").waitFor();
  ana.assertCalm();
});
