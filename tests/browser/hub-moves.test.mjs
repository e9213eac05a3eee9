// The captain's device moves from network to network while its hub is open, the last of them without IPv4: the hub goes with it, a native phone
// and a page find it again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  ADDRESS, Device, IPV6, PHONE, Person, Relay, alone, demo, folder, giveIpv4, giveIpv6, isAlone, takeIpv4, until,
} from "./harness.mjs";

if (!isAlone) test("a hub that moves, without internet", () => alone("tests/browser/hub-moves.test.mjs"));

const inside = { skip: !isAlone };
const OTHER = "192.168.77.9";
let relay, carl, ana, bea, door, nTold = 0;

/** The hub as the captain sees it, once its code has these addresses; without any, once it says that there is no network. */
const seen = async (...addresses) => {
  const start = Date.now();
  const open = await until(async () => {
    const { open } = await carl.ask({ hub: { hosted_hub: {} } });
    return JSON.stringify(open.door?.addresses ?? []) === JSON.stringify(addresses) && open;
  });
  console.log(`noticed after ${Date.now() - start} ms: ${addresses}`);
  return open;
};

/** Ana's native phone records one more result; says what the hub has after a sync, and what is wrong with it. */
async function anaTells() {
  const result = { doors: [door], voter: null, how: "door", result: "not_home", answers: {}, note: `${++nTold}` };
  await ana.ask({ visit: { record_visit: result } });
  await ana.ask({ sync: { sync_now: {} } });
  const { n_at_hub, trouble } = await ana.ask({ hub: { hub_in_use: {} } });
  return [n_at_hub, trouble?.id];
}

/** Bea's page records one more result; the hub's page says this after a sync. */
async function beaTells(words) {
  await bea.notHome(nTold);
  await bea.go("/hub");
  await bea.button("Sync now").click();
  await bea.page.getByText(words).waitFor();
}

before(async () => {
  if (!isAlone) return;
  relay = await new Relay(folder()).start();
  const links = demo(relay, 200, 40);
  bea = await new Person("Bea", PHONE, relay).open();
  await bea.join(links.canvasser);
  await bea.kept();
  ana = new Device("Ana", folder());
  await ana.ask({ join: { join: { link: links.canvasser, name: "Ana", campaign: null } } });
  await ana.ask({ sync: { sync_now: {} } });
  const [card] = await ana.ask({ walk: { my_turf: {} } });
  const { rows } = await ana.ask({ walk: { walk: { turf: card.turf } } });
  door = rows.map((row) => row.stop).filter((stop) => stop.kind === "door").at(-1).id;
  carl = new Device("Carl", folder(), "network");
  await carl.ask({ join: { join: { link: links.captain, name: "Carl", campaign: null } } });
  await carl.ask({ sync: { sync_now: {} } });
  await carl.ask({ hub: { host_hub: { is_open: true } } });
});

after(async () => {
  await bea?.context.close();
  await ana?.kill();
  await carl?.kill();
  await relay?.kill();
});

test("phones use the hub where it was opened", inside, async () => {
  const { door: { link }, moved } = await seen(`${ADDRESS}:8788`);
  assert.equal(moved, null);
  await ana.ask({ hub: { use_hub: { link } } });
  await bea.go(link);
  await bea.button("Yes, use this hub").click();
  await bea.page.getByText("Everything recorded here is at the campaign's relay already.").waitFor();
  await relay.kill();
  assert.deepEqual(await anaTells(), [1, undefined]);
  await beaTells("1 of 1 result is with Carl, too.");
  await until(async () => (await carl.ask({ hub: { hosted_hub: {} } })).guests.length === 2);
});

test("the device gets another address: phones are told, and scan the new code", inside, async () => {
  takeIpv4("porch0", ADDRESS);
  giveIpv4("porch0", OTHER);
  const { door: { link }, moved } = await seen(`${OTHER}:8788`);
  const { guests } = await carl.ask({ hub: { hosted_hub: {} } });
  assert.ok(guests.every(({ last_here }) => last_here < moved), JSON.stringify({ guests, moved }));
  assert.deepEqual(await anaTells(), [1, "hub-out-of-reach"]);
  await beaTells("The hub does not answer.");
  await bea.picture("hub-moved");
  assert.equal((await ana.ask({ hub: { use_hub: { link } } })).n_at_hub, 2, "nothing was lost by it");
  await bea.go(link);
  await bea.button("Yes, use this hub").click();
  await bea.page.getByText("2 of 2 results are with Carl, too.").waitFor();
});

test("the network goes and comes back: nobody scans anything", inside, async () => {
  takeIpv4("porch0", OTHER);
  assert.equal((await seen()).door, null);
  giveIpv4("porch0", OTHER);
  await seen(`${OTHER}:8788`);
  assert.deepEqual(await anaTells(), [3, undefined]);
  await beaTells("3 of 3 results are with Carl, too.");
});

test("the device is back where it was first: phones know that address, too", inside, async () => {
  takeIpv4("porch0", OTHER);
  giveIpv4("porch0", ADDRESS);
  await seen(`${ADDRESS}:8788`);
  assert.deepEqual(await anaTells(), [4, undefined]);
  await beaTells("4 of 4 results are with Carl, too.");
});

test("a network that has IPv6 alone", inside, async () => {
  takeIpv4("porch0", ADDRESS);
  await seen();
  giveIpv6("porch0", IPV6);
  const { door: { link } } = await seen(`[${IPV6}]:8788`);
  assert.ok(link.includes(`~[${IPV6}]:8788`), link);
  assert.equal((await ana.ask({ hub: { use_hub: { link } } })).n_at_hub, 4);
  assert.deepEqual(await anaTells(), [5, undefined]);
  await bea.go(link);
  await bea.button("Yes, use this hub").click();
  await beaTells("5 of 5 results are with Carl, too.");
  bea.assertCalm();
});
