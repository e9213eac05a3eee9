// A phone that comes to today's app with the disk of an older one: the database is brought up to date by the browser's own SQLite, and
// what was recorded and not sent before is shown, counted and reaches the relay.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Device, PHONE, PROGRAMS, Person, Relay, demo, folder, until } from "./harness.mjs";

/** What the storage pool puts before the content of each of its files; a file's name is at the beginning of it. */
const HEADER_BYTES = 4096;

/** What the relays serve: a link to one of two versions of the app. */
const web = path.join(folder(), "web");
/** The version that is updated: the folder of an earlier build, before a release; otherwise today's. */
const EARLIER = path.resolve(process.env.UPDATE_FROM ?? "target/web-app");

let relay, olga, ana, turf, doors;

before(async () => {
  serve(EARLIER);
  relay = await new Relay(folder(), web).start();
  const links = demo(relay, 120, 40);
  olga = await joined("Olga", folder(), links.coordinator);
  const kept = folder();
  const phone = await joined("Ana", kept, links.canvasser);
  [{ turf }] = await phone.ask({ walk: { my_turf: {} } });
  doors = (await phone.ask({ walk: { walk: { turf } } })).rows.flatMap(({ stop }) => (stop.kind === "door" ? [stop.id] : []));
  await notHome(phone, doors[0]);
  await phone.ask({ sync: { sync_now: {} } });
  await olga.ask({ wave: { start_wave: { name: "Second look" } } });
  await olga.ask({ sync: { sync_now: {} } });
  const { link } = await olga.ask({ invite: { hand_out: { turf, uses: 1, minutes: 60 } } });
  await phone.ask({ join: { join: { link, name: "Ana", campaign: null } } });
  await phone.ask({ sync: { sync_now: {} } });

  // The app is on the phone, as a visit leaves it; from here on there is no relay.
  ana = await new Person("Ana", PHONE, relay).open();
  await ana.go("/");
  await ana.page.getByRole("heading").first().waitFor();
  await ana.kept();
  await relay.kill();
  await notHome(phone, doors[0]);
  await notHome(phone, doors[1]);
  await phone.ask({ visit: { add_note: { about: { kind: "door", id: doors[2] }, text: "Bell is broken" } } });
  await phone.kill();

  const older = path.join(folder(), "porchlight.db");
  execFileSync(path.join(PROGRAMS, "porchlight-older"), [path.join(kept, "Ana.db"), older]);
  await putOnDisk(older);
});

after(async () => {
  await ana?.context?.close();
  await olga?.kill();
  await relay?.kill();
});

async function joined(name, kept, link) {
  const device = new Device(name, kept, "127.0.0.1:0");
  await device.ask({ join: { join: { link, name, campaign: null } } });
  await device.ask({ sync: { sync_now: {} } });
  return device;
}

const notHome = (device, door) =>
  device.ask({ visit: { record_visit: { doors: [door], voter: null, how: "door", result: "not_home", answers: {}, note: "" } } });

/** From here on the relays serve this folder. */
function serve(version) {
  fs.rmSync(web, { force: true });
  fs.symlinkSync(version, web);
}

/** A later version of the app: its page says that it is one. */
function laterVersion() {
  const later = path.join(folder(), "later");
  fs.cpSync("target/web-app", later, { recursive: true });
  const change = (name, from, to) => {
    const file = path.join(later, name);
    const text = fs.readFileSync(file, "utf8");
    assert.ok(text.includes(from), `${name} holds ${from}`);
    fs.writeFileSync(file, text.replace(from, to));
    fs.rmSync(`${file}.br`, { force: true });
  };
  change("index.html", '<meta charset="utf-8">', '<meta charset="utf-8"><meta name="edition" content="later">');
  change("sw.js", "`porchlight-", "`porchlight-later-");
  return later;
}

/** Puts a database in the place of the app's own, on a page that starts no engine, for an engine keeps its files to itself. */
async function putOnDisk(database) {
  await ana.close();
  await ana.open();
  const page = await ana.context.newPage();
  await page.addInitScript(() => {
    globalThis.Worker = class extends EventTarget {
      postMessage() {}
    };
  });
  await page.goto(relay.url);
  const written = await page.evaluate(
    async ([base64, headerBytes]) => {
      const database = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const files = async function* (folder) {
        for await (const entry of folder.values()) {
          if (entry.kind === "directory") yield* files(entry);
          else yield entry;
        }
      };
      const written = [];
      for await (const handle of files(await navigator.storage.getDirectory())) {
        const header = await (await handle.getFile()).slice(0, headerBytes).arrayBuffer();
        const name = new TextDecoder().decode(header).split("\0")[0];
        if (!name.endsWith("porchlight.db")) continue;
        const file = await handle.createWritable();
        await file.write(header);
        await file.write(database);
        await file.close();
        written.push(name);
      }
      return written;
    },
    [fs.readFileSync(database).toString("base64"), HEADER_BYTES],
  );
  assert.equal(written.length, 1, `the app's database was found: ${written}`);
  await page.close();
}

test("what was recorded before the update is shown and counted, without any relay", async () => {
  await ana.go("/walk");
  await ana.page.locator("#sync-words").getByText("3 on phone").waitFor();
  assert.equal(await ana.marked("not_home"), 2, "of the new wave");
  await ana.picture("updated-walk");
  await ana.go(`/door/${doors[2]}`);
  await ana.page.getByText("Bell is broken").first().waitFor();
  await ana.go(`/door/${doors[0]}`);
  await ana.page.getByText(/First wave/).first().waitFor();
  await ana.go("/me");
  await ana.page.locator("#sync-words").getByText("3 on phone").first().waitFor();
});

test("more is recorded, and all of it reaches the relay and the office", async () => {
  await ana.go(`/door/${doors[3]}`);
  await ana.recorded(() => ana.page.locator("#not-home").click());
  await ana.go("/me");
  await ana.page.locator("#sync-words").getByText("4 on phone").first().waitFor();
  await relay.start();
  await ana.sync();
  await ana.page.getByText("all safe").first().waitFor();
  await olga.ask({ sync: { sync_now: {} } });
  const waves = await olga.ask({ wave: { waves: {} } });
  assert.deepEqual(waves.map(({ name, n_visits }) => [name, n_visits]), [["Second look", 3], ["", 1]]);
  const { history } = await olga.ask({ door: { open_door: { door: doors[2] } } });
  assert.deepEqual(history.map(({ what }) => what.note?.text), ["Bell is broken"]);
});

test("it opens again as what it has become", async () => {
  await ana.close();
  await ana.open();
  await ana.go("/walk");
  await ana.page.getByText("all safe").waitFor();
  assert.equal(await ana.marked("not_home"), 3);
  await ana.notHome(4);
  await ana.sync();
  ana.assertCalm();
});

test("a new version is offered, not under a thumb and not in a talk; taken, it keeps what is not sent, and the other tab comes along", async () => {
  const offer = ana.page.locator("[data-offer='update']");
  const isLater = (page) => page.locator("meta[name='edition'][content='later']").count();
  await ana.kept();
  // A relay that does not know this phone: what is recorded stays on it, while the app's files come.
  await relay.kill();
  const stranger = new Relay(folder(), web);
  stranger.listen = relay.listen;
  await stranger.start();
  await ana.notHome(5);
  await ana.page.locator("#sync-words").getByText(/1 on phone/).waitFor();
  const other = await ana.context.newPage();
  await other.goto(new URL("/walk", relay.url).href);
  await other.getByRole("heading", { name: "Porchlight is open in another tab" }).waitFor();

  serve(laterVersion());
  await ana.go("/walk");
  await ana.page.waitForFunction(() => "porchlightUpdate" in globalThis);
  assert.equal(await offer.count(), 0, "nothing moves under a thumb");
  await ana.page.locator("nav.tabs a[href='/turf']").click();
  await offer.waitFor();
  await ana.picture("update-offered");
  await ana.page.locator("nav.tabs a[href='/walk']").click();
  await ana.page.locator("a[href^='/door/']").first().click();
  await ana.page.locator("a[href^='/talk/']").first().click();
  await ana.page.waitForURL(/\/talk\//);
  assert.equal(await offer.count(), 0, "not in a talk");
  // The talk is left half done: it goes through the update.
  await ana.page.getByRole("radio").first().click();
  await ana.page.locator("#talk-next").click();
  await ana.page.getByText(/^Question 2 of/).waitFor();
  await ana.page.goBack();
  await offer.waitFor();
  const half = new URL(ana.page.url()).pathname;
  await ana.page.getByText(/question 2 of/).first().waitFor();
  assert.equal(await isLater(ana.page), 0);

  // Something is being written, or on its way: the update waits for it.
  await ana.go("/me");
  await offer.waitFor();
  stranger.process.kill("SIGSTOP");
  await ana.button("Sync now").click();
  await ana.button("Syncing…").waitFor();
  await ana.button("Update now").click();
  await ana.page.getByText("It updates as soon as").waitFor();
  assert.equal(await isLater(ana.page), 0);
  stranger.process.kill("SIGCONT");
  await until(() => isLater(ana.page).catch(() => 0));
  await ana.page.locator("#sync-words").getByText(/1 on phone/).waitFor();
  assert.equal(await offer.count(), 0);
  // The other tab still has the old pages: before it takes the engine it is loaded anew.
  assert.equal(await isLater(other), 0);
  await other.getByRole("button", { name: "Use it here" }).click();
  await until(() => isLater(other).catch(() => 0));
  await other.locator("#sync-words").getByText(/1 on phone/).waitFor();
  await other.close();
  await ana.go(half);
  await ana.page.locator(".dock a.main").filter({ hasText: "Go on with" }).click();
  await ana.page.getByText(/^Question 2 of/).waitFor();
  await ana.page.locator("#back").click();
  await ana.page.getByRole("radio", { checked: true }).waitFor();
  await ana.go("/me");

  await stranger.kill();
  await relay.start();
  await ana.sync();
  assert.equal(await ana.marked("not_home"), 5);
  ana.assertCalm();
});
