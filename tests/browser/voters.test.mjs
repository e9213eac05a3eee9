// Choosing voters: conditions narrow the list and its counts as they are chosen, all of it can be scrolled to, the keys go through it with the
// record beside it, a telephone number finds its person, and the list becomes a file.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, folder } from "./harness.mjs";

const HEADER = "ncid\tlast_name\tfirst_name\tstatus_cd\tres_street_address\tzip_code\tconfidential_ind\tparty_cd\tbirth_age\tfull_phone_number\tprecinct_abbrv";
const N = 1_200;
const LONG = "N".repeat(500);
const HEBREW = "\u05d0\u05d1\u05d2\u05d3 \u05d4\u05d5\u05d6";

let relay, olga;

before(async () => {
  relay = await new Relay(folder()).start();
  olga = new Person("Olga", DESK, relay, false);
  await olga.open();
  await olga.join(relay.founding(), "Lamps for Quillby");
  await olga.page.getByRole("heading", { name: "Four steps to the first door" }).waitFor();
});

after(async () => {
  await olga?.context?.close();
  await relay?.kill();
});

const count = () => olga.page.locator("#n-voters b");
const isCounted = (n) => count().getByText(n, { exact: true }).waitFor();
const row = (name) => olga.page.locator("tr[data-voter]").filter({ hasText: name });
const open = () => olga.page.locator(".pop");

/** A file of voters, two behind each door: a third of each party, every age, some with a telephone. */
function file() {
  const rows = [HEADER];
  for (let at = 0; at < N; at += 1) {
    const last = at === 7 ? LONG : at === 8 ? HEBREW : `QUILLON${String(at).padStart(4, "0")}`;
    const phone = at % 4 === 0 ? `828555${String(at).padStart(4, "0")}` : "";
    rows.push([`QZ${at}`, last, "ODA", "A", `${Math.floor(at / 2) + 1} PLAIN ST`, "27000", "N", ["DEM", "REP", "UNA"][at % 3], 18 + (at % 70), phone, `0${at % 5}`].join("\t"));
  }
  const to = path.join(folder(), "voters.txt");
  fs.writeFileSync(to, `${rows.join("\n")}\n`);
  return to;
}

test("a campaign without voters says so, and leads to the import", async () => {
  const { page } = olga;
  await olga.go("/office/voters");
  await page.getByText("No voters here yet").waitFor();
  await olga.picture("voters-nobody");
  await olga.link("Import the voter file").click();
  await page.getByLabel("Voter file, address file or street file").setInputFiles(file());
  await olga.button("Import voters.txt").click();
  await page.locator("main").getByText("voters.txt: 1,200 imported.").first().waitFor();
});

test("conditions narrow the list and its counts as they are chosen, and a group turns them round", async () => {
  const { page } = olga;
  await olga.go("/office/voters");
  await isCounted("1,200");
  await page.locator("#n-doors b").getByText("600", { exact: true }).waitFor();
  await page.locator("#n-phones b").getByText("300", { exact: true }).waitFor();
  await page.keyboard.press("f");
  await page.locator(".pop").getByRole("button", { name: "Party", exact: true }).click();
  await open().getByLabel(/^DEM/).check();
  await isCounted("400");
  await open().getByLabel(/^UNA/).check();
  await isCounted("800");
  await olga.picture("voters-party");
  await page.keyboard.press("Escape");
  await open().waitFor({ state: "detached" });
  await page.locator("#add-filter").click();
  await open().getByRole("button", { name: "but not" }).click();
  await page.locator(".pop").getByRole("button", { name: "Age", exact: true }).click();
  await open().getByLabel("From").fill("30");
  await open().getByLabel("To", { exact: true }).fill("20");
  await open().getByText("Swap them").waitFor();
  await open().getByLabel("To", { exact: true }).fill("87");
  await isCounted("143");
  await page.locator(".pop").getByRole("button", { name: "Done" }).click();
  // The record goes beside the list and the filter stays.
  await row("QUILLON").first().click();
  await page.waitForURL(/\/office\/voters\/./);
  await isCounted("143");
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/office\/voters$/);
  await olga.button("Remove Age").click();
  await isCounted("800");
});

test("the list is scrolled to its end, sorts by its heads, and the file has all of it", async () => {
  const { page } = olga;
  const [download] = await Promise.all([page.waitForEvent("download"), olga.button("Export").click()]);
  const lines = fs.readFileSync(await download.path(), "utf8").trimEnd().split("\r\n");
  assert.equal(lines.length, 801);
  assert.match(lines[0], /^voter_id,voter,party/);
  const table = page.getByRole("region", { name: "Voters" });
  assert.ok(await page.locator("tr[data-voter]").count() < 120, "only what is in sight is drawn");
  for (let shown = false; !shown;) {
    await table.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    shown = await page.getByText("All 800 are listed").isVisible();
  }
  await table.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await row("אבגד").waitFor();
  await page.getByRole("button", { name: /^Age/ }).last().click();
  await page.locator("th[aria-sort=ascending]").getByText("Age").waitFor();
  await page.locator("tr[data-voter] td.n").first().getByText("18").waitFor();
});

test("a telephone number finds its person however it is written, and the keys go through the list", async () => {
  const { page } = olga;
  await page.keyboard.press("/");
  await page.locator("#search").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("(828) 555-0012");
  await isCounted("1");
  await row("QUILLON0012").or(row("Quillon0012")).first().waitFor();
  await page.locator("#search").fill("nobody of this name");
  await page.getByText("Nobody was found").waitFor();
  await olga.button("Clear the filter").first().click();
  await isCounted("1,200");
  await page.locator("h1").click();
  await page.keyboard.press("j");
  await page.locator("tr.on").waitFor();
  const first = await page.locator(".side h2.addr").textContent();
  await page.keyboard.press("j");
  await page.waitForFunction((before) => document.querySelector(".side h2.addr")?.textContent !== before, first);
  await page.getByRole("tab", { name: /^Household/ }).click();
  await page.locator(".side ul.list > li").first().waitFor();
  await olga.picture("voters-record");
  await page.keyboard.press("k");
  await page.waitForFunction((before) => document.querySelector(".side h2.addr")?.textContent === before, first);
  await page.keyboard.press("Escape");
  await page.locator(".side").waitFor({ state: "detached" });
  olga.assertCalm();
});

test("on a phone the list has two lines each, the record is a page, and fields open from below", async () => {
  const { page } = olga;
  await page.setViewportSize(PHONE);
  await page.locator("tr[data-voter]").first().waitFor();
  await page.locator("#add-filter").click();
  await open().waitFor();
  await olga.picture("voters-phone-filter");
  await page.keyboard.press("Escape");
  await row("QUILLON").or(row("Quillon")).first().click();
  await page.locator(".side h2.addr").waitFor();
  await olga.picture("voters-phone-record");
  await olga.link("Back").click();
  await page.locator("tr[data-voter]").first().waitFor();
  await olga.picture("voters-phone");
});
