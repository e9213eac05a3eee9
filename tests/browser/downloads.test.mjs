// Two downloads: a phone that never opens the office never loads it; whoever opens it has it from then on, without signal and through
// updates; where it cannot be brought, the page says why, and the field goes on.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, demo, folder } from "./harness.mjs";

/** What the relay serves: a link to one version of the app. */
const web = path.join(folder(), "web");
const APP = path.resolve("target/web-app");
const MODULE = "office-app/porchlight-ui_bg.wasm";

let relay, links, ana, olga;

before(async () => {
  serve(APP);
  relay = await new Relay(folder(), web).start();
  links = demo(relay, 60, 20);
  [ana, olga] = [new Person("Ana", PHONE, relay, false), new Person("Olga", DESK, relay, false)];
});

after(async () => {
  for (const person of [ana, olga]) await person?.context?.close();
  await relay?.kill();
});

/** From here on the relay serves this folder. */
function serve(version) {
  fs.rmSync(web, { force: true });
  fs.symlinkSync(version, web);
}

/** Another version of the app, changed. */
function version(change) {
  const made = path.join(folder(), "app");
  fs.cpSync(APP, made, { recursive: true });
  change(made);
  return made;
}

/** The paths of the office's files that this device keeps, by version. */
const keptOfOffice = (person) =>
  person.page.evaluate(async () => {
    const kept = {};
    for (const name of await caches.keys()) {
      const paths = (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname).filter((path) => path.startsWith("/office-app/"));
      if (paths.length > 0) kept[name] = paths.sort();
    }
    return kept;
  });

const title = (person) => person.page.getByRole("heading", { name: "Getting the office" });

test("a phone that never opens the office never downloads it", async () => {
  await ana.open();
  const asked = [];
  ana.context.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await ana.join(links.canvasser);
  await ana.sync();
  await ana.kept();
  for (const address of ["/walk", "/map", "/me", "/turf"]) {
    await ana.go(address);
    await ana.page.getByRole("heading").first().waitFor();
  }
  assert.ok(asked.includes("/porchlight-ui_bg.wasm"), "the field's modules were loaded");
  assert.deepEqual(asked.filter((path) => path.startsWith("/office-app")), []);
  assert.deepEqual(await keptOfOffice(ana), {});
});

test("an office that cannot be brought says why, and the field goes on", async () => {
  serve(version((made) => fs.rmSync(path.join(made, "office-app"), { recursive: true })));
  await olga.open();
  olga.waitsForOffice = false;
  await olga.join(links.coordinator);
  await title(olga).waitFor();
  await olga.page.getByRole("alert").getByText("The office is not on this device yet").waitFor();
  await olga.picture("office-download");
  await olga.link("Go on with the walk").click();
  await olga.page.waitForURL((url) => url.pathname.startsWith("/walk"));

  // What is served is not what this version was made with: it is not mixed.
  const another = version((made) => {
    fs.appendFileSync(path.join(made, "office-app/porchlight-ui.js"), "\n// later");
    fs.rmSync(path.join(made, "office-app/porchlight-ui.js.br"), { force: true });
  });
  serve(another);
  await olga.go("/office");
  await olga.page.getByRole("alert").getByText("A newer version of Porchlight is being served").waitFor();
  assert.deepEqual(await keptOfOffice(olga), {});
});

test("the office opens once it is here, and from then on without signal", async () => {
  serve(APP);
  await olga.button("Try again").click();
  await olga.page.getByRole("heading", { name: "Today" }).waitFor();
  const kept = Object.values(await keptOfOffice(olga));
  assert.deepEqual(kept, [["porchlight-ui.js", "porchlight-ui_bg.wasm", "porchlight_worker.js", "porchlight_worker_bg.wasm", "worker.js"].map((name) => `/office-app/${name}`)]);
  await relay.kill();
  await olga.close();
  await olga.open();
  await olga.go("/office/team");
  await olga.page.getByRole("heading", { name: "Team" }).first().waitFor();
  await olga.go("/walk");
  await olga.page.getByRole("heading").first().waitFor();
  await relay.start();
});

test("an update brings the office's files of its own version", async () => {
  const [before] = Object.keys(await keptOfOffice(olga));
  serve(
    version((made) => {
      const file = path.join(made, "sw.js");
      const text = fs.readFileSync(file, "utf8");
      const later = text.replace('const VERSION = "', 'const VERSION = "later-');
      assert.notEqual(later, text);
      fs.writeFileSync(file, later);
      fs.rmSync(`${file}.br`, { force: true });
    }),
  );
  await olga.go("/office");
  await olga.button("Update now").click();
  await olga.page.waitForFunction(async (before) => !(await caches.keys()).includes(before), before);
  const [[name, files], ...more] = Object.entries(await keptOfOffice(olga));
  assert.match(name, /^porchlight-office-later-/);
  assert.equal(files.length, 5);
  assert.deepEqual(more, [], "the version before it is gone");
  await olga.page.getByRole("heading", { name: "Today" }).waitFor();
});

test("modules that do not start are left, the page says so, and the field's go on", async () => {
  serve(APP);
  await ana.close();
  await ana.open();
  // A tab of the office on a device that lost its files while the relay serves what is cut off.
  await ana.go("/me");
  await ana.page.getByRole("heading").first().waitFor();
  serve(version((made) => {
    fs.truncateSync(path.join(made, MODULE), 1000);
    fs.rmSync(path.join(made, `${MODULE}.br`), { force: true });
  }));
  await ana.page.evaluate(() => localStorage.setItem("porchlight.office", ""));
  await ana.page.reload();
  await ana.page.getByRole("heading", { name: "Me" }).first().waitFor();
  assert.equal(await ana.page.evaluate(() => localStorage.getItem("porchlight.office")), null);
});
