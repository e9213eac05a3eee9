// Files at the office: what is being read goes on when the page is left, can be stopped from there when it is come back to, and a double tap
// imports once; what goes is said before it goes.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { DESK, Person, Relay, folder } from "./harness.mjs";

const HEADER = "ncid\tlast_name\tfirst_name\tstatus_cd\tres_street_address\tzip_code\tconfidential_ind";
const street = (name, lon, lat) =>
  `{"type":"Feature","properties":{"highway":"residential","name":"${name}"},"geometry":{"type":"LineString","coordinates":[[${lon},${lat}],[${lon + 0.002},${lat}]]}}\n`;

let relay, office, files, choose;

before(async () => {
  relay = await new Relay(folder()).start();
  office = await new Person("Olga", DESK, relay).open();
  files = folder();
  await office.join(relay.founding(), "Lamps for Quillby");
  await office.page.getByRole("heading", { name: "Four steps to the first door" }).waitFor();
  await office.go("/office/data");
  choose = office.page.getByLabel("Voter file, address file or street file");
});

after(async () => {
  if (office?.context) await office.close();
  await relay?.kill();
});

/** Writes a file of so many voters, the last of them with these status codes. */
function voters(name, n, last = []) {
  const rows = [HEADER];
  for (let at = 0; at < n; at += 1) {
    const status = last[at - n + last.length] ?? "A";
    rows.push(`QZ${at}\tQUILLON\tODA${at}\t${status}\t${(at % 9999) + 1} STREET${Math.floor(at / 9999)} ST\t27000\tN`);
  }
  fs.writeFileSync(path.join(files, name), `${rows.join("\n")}\n`);
  return path.join(files, name);
}

/** Goes to another page of the office and back, by its links: the window stays. */
async function leaveAndComeBack() {
  await office.link("Voters").first().click();
  await office.page.waitForURL(/\/office\/voters$/);
  await office.link("Data").first().click();
  await office.page.waitForURL(/\/office\/data$/);
}

test("a file that is being read shows its progress and Stop when the page is come back to", async () => {
  await choose.setInputFiles(voters("large.txt", 400_000));
  await office.page.getByRole("progressbar").waitFor();
  await leaveAndComeBack();
  await office.page.getByRole("progressbar").waitFor();
  assert.ok(await office.page.getByText("large.txt").first().isVisible());
  await office.button("Stop").click();
  await office.page.getByText("Stopped. Nothing of this file was kept.").waitFor();
});

test("a report waits for the person, a double tap imports once, and what came of it stands there", async () => {
  await choose.setInputFiles(voters("voters.txt", 60));
  await office.button(/^Import /).waitFor();
  await leaveAndComeBack();
  await office.button(/^Import /).dblclick({ delay: 10 });
  await office.page.locator("main").getByText("voters.txt: 60 imported.").first().waitFor();
  await office.page.locator("section p.who").getByText("voters.txt", { exact: true }).waitFor();
  await office.picture("data-imported");
});

test("who is off the roll and who is not in the file is said before anything is written, and the coordinator decides", async () => {
  await choose.setInputFiles(voters("newer.txt", 58, ["R", "D"]));
  await office.page.getByText(/^2 voters are now off the roll/).waitFor();
  const absent = office.page.getByRole("group", { name: /^2 voters are not in this file/ });
  await absent.getByText("Who they are").click();
  await absent.getByText(/^Oda59 Quillon, /).waitFor();
  assert.ok(await absent.getByLabel(/^Keep them/).isChecked(), "nobody goes unless it is decided");
  await absent.getByLabel(/^Remove all 2/).check();
  await office.picture("data-newer");
  await office.button(/^Import /).click();
  await office.page.locator("main").getByText("newer.txt: 56 imported.").first().waitFor();
  const n = office.page.locator("dl.kv div").filter({ has: office.page.getByText("Voters", { exact: true }) }).locator("dd");
  await office.page.waitForFunction((dd) => dd.textContent === "56", await n.elementHandle());
});

test("streets say which they replace, and a file of no use offers no import", async () => {
  const write = (name, text) => {
    fs.writeFileSync(path.join(files, name), text);
    return path.join(files, name);
  };
  const here = street("Plain Street", -79.3, 36.19) + street("Far Lane", -79.3, 36.191);
  await choose.setInputFiles(write("streets.geojson", here));
  await office.page.getByText("These streets and areas are added. No existing ones are replaced.").waitFor();
  await office.button(/^Import /).click();
  await office.page.locator("main").getByText("streets.geojson: 2 imported.").first().waitFor();
  await choose.setInputFiles(write("newer.geojson", here + street("New Street", -79.3, 36.192)));
  await office.page.getByText(/^These streets and areas replace 2 that were imported on .* with streets\.geojson\.$/).waitFor();
  await choose.setInputFiles(write("useless.geojson", '{"type":"FeatureCollection","features":[]}'));
  await office.page.getByText(/^There are no features in this GeoJSON/).waitFor();
  await choose.setInputFiles(write("useless.json", '{"type":"Feature","properties":{"name":"A fountain"},"geometry":null}'));
  await office.page.getByText(/^Nothing in this file can be imported/).waitFor();
  assert.equal(await office.button(/^Import /).count(), 0);

  // What was looked at and is not wanted is put away; the same file can be chosen again.
  await choose.setInputFiles(path.join(files, "newer.geojson"));
  await office.button("Do not import").click();
  await office.button(/^Import /).waitFor({ state: "detached" });
  await choose.setInputFiles([]);
  await choose.setInputFiles(path.join(files, "newer.geojson"));
  await office.button(/^Import /).waitFor();
  office.assertCalm();
});
