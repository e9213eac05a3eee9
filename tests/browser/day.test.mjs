// A day: the office founds, imports, writes, cuts and hands out; two phones walk offline; the results merge; one
// contradiction is settled and reaches the phones.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, folder, town } from "./harness.mjs";

let relay, office, captain, ana, ben;
let link;

before(async () => {
  relay = await new Relay(folder()).start();
  office = await new Person("Olga", DESK, relay).open();
  captain = new Person("Cleo", DESK, relay);
  ana = new Person("Ana", PHONE, relay);
  ben = new Person("Ben", PHONE, relay);
});

after(async () => {
  for (const person of [office, captain, ana, ben]) {
    if (person?.context) await person.close();
  }
  await relay?.kill();
});

test("a coordinator founds a campaign and brings in its files", async () => {
  await office.join(relay.founding(), "Library for Lantern Falls");
  await office.page.getByRole("heading", { name: "Four steps to the first door" }).waitFor();
  await office.picture("today-empty");
  await office.kept();
  await office.go("/office/data");
  await office.page.getByRole("heading", { name: "No file has been imported" }).waitFor();
  await office.picture("data-empty");

  const wrong = `${folder()}/wrong.csv`;
  fs.writeFileSync(wrong, "name;street\nNell;Lantern\n");
  const choose = office.page.getByLabel("Voter file, address file or street file");
  await choose.setInputFiles(wrong);
  await office.page.getByText(/has no headers that Porchlight knows/).waitFor();
  await office.picture("data-wrong");

  for (const file of town(folder(), 300)) {
    await choose.setInputFiles(file);
    await office.button(/^Import /).click();
    await office.page.getByRole("status").filter({ hasText: "imported." }).first().waitFor();
    await office.button("Close").first().click();
  }
  await office.page.getByRole("heading", { name: "Imported data" }).waitFor();
  for (const label of ["Voters", "Doors", "Buildings", "Doors on the map", "Address points"]) {
    const name = office.page.getByText(label, { exact: true });
    const found = await office.page.locator("dl.kv > div").filter({ has: name }).locator("dd").first().textContent();
    assert.ok(Number(found.replaceAll(",", "")) > 0, `${label}: ${found}`);
  }
  await office.page.getByText("Rows with a problem", { exact: true }).first().waitFor();
  await office.picture("data");
});

test("the coordinator writes a script with a branch", async () => {
  await office.go("/office/script");
  const page = office.page;
  await office.button("Opening").click();
  await page.getByLabel("What the canvasser says first").fill("Hi, I'm a neighbour. Two short questions?");
  await office.button("Add a question").click();
  await office.button("Add a question").click();
  const row = (n) => page.locator("ol.tree > li").nth(n).getByRole("button");
  const questions = [
    ["Library measure", "Would you support the library measure?", ["Strongly yes", "Undecided"]],
    ["Yard sign", "Would you put a sign in your yard?", ["Yes", "No"]],
    ["Way to vote", "How do you plan to vote?", ["By mail", "On election day"]],
  ];
  for (const [at, [title, text, answers]] of questions.entries()) {
    const n = at + 1;
    await row(n).click();
    await page.locator(`#title-${n}`).fill(title);
    await page.locator(`#text-${n}`).fill(text);
    for (const [place, answer] of answers.entries()) {
      await page.getByLabel(`Question ${n}, answer ${place + 1}`).fill(answer);
    }
  }
  await row(1).click();
  await page.locator("#answer-1-2-then").selectOption({ label: "Question 3: Way to vote" });
  await page.getByLabel("Counts as support").first().check();
  await office.picture("script");
  // Left half done, by a link and by a reload: it is all there.
  await office.link("Today").click();
  await page.waitForURL(/\/office$/);
  await office.link("Script").click();
  await row(3).click();
  await page.locator("#title-3").waitFor();
  assert.equal(await page.locator("#title-3").inputValue(), "Way to vote");
  await page.reload();
  await page.locator("#script-draft").getByText("not saved yet").waitFor();
  assert.equal(await page.getByLabel("Question 3, answer 2").inputValue(), "On election day");
  await row(1).click();
  assert.ok(await page.getByLabel("Counts as support").first().isChecked());
  await office.button("Save the script").click();
  await page.getByText("The script is saved.").waitFor();
  await page.locator("#script-draft").waitFor({ state: "detached" });
});

test("the coordinator cuts turf, and a captain hands it out", async () => {
  const page = office.page;
  await office.go("/office/turf");
  await page.getByRole("heading", { name: "No turf yet" }).waitFor();
  await page.getByLabel("Name", { exact: true }).fill("Riverside");
  // An area whose lines cross is no area.
  const area = page.getByLabel("Where", { exact: true });
  await area.selectOption("drawn");
  await office.mapRests();
  const map = await page.locator(".office-map .map-canvas").boundingBox();
  const tap = (x, y) => page.mouse.click(map.x + map.width * x, map.y + map.height * y);
  for (const [n, [x, y]] of [[0.2, 0.2], [0.8, 0.8], [0.8, 0.2], [0.2, 0.8]].entries()) {
    await tap(x, y);
    await page.getByText(`Tap its corners on the map: ${n + 1} so far.`).waitFor();
  }
  await page.getByText(/^The lines of the drawn area cross/).waitFor();
  await office.button("Preview").click();
  await page.getByRole("alert").getByText(/^The lines of the drawn area cross/).first().waitFor();
  // What was shown for one area is not there any more when it is another.
  await office.button("Begin the drawing again").click();
  for (const [x, y] of [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6]]) await tap(x, y);
  await office.button("Preview").click();
  await office.button("Cut").waitFor();
  await tap(0.4, 0.6);
  await office.button("Cut").waitFor({ state: "detached" });
  // The form's choice decides, however much was drawn before and whatever was picked in between.
  await area.selectOption("everything");
  await area.selectOption("drawn");
  await page.getByText("Tap its corners on the map: 0 so far.").waitFor();
  await area.selectOption("everything");
  await office.button("Preview").click();
  await page.getByText(/Riverside 1: \d+ doors/).waitFor();
  await office.picture("cut-preview");
  await office.button("Cut").click();
  await page.getByRole("table").getByRole("link", { name: "Riverside 1", exact: true }).waitFor();
  const inTurf = await page.evaluate(() => [...document.querySelectorAll("table tbody tr")].length);
  assert.ok(inTurf >= 5, `every door is cut, not those of the area: ${inTurf} turf`);
  await area.selectOption("drawn");
  await tap(0.5, 0.5);
  await page.getByRole("table").getByRole("link", { name: "Riverside 1", exact: true }).click();
  await office.link("Close").first().click();
  await page.getByText("Tap its corners on the map: 1 so far.").waitFor();
  assert.equal(await area.inputValue(), "drawn", "the form says what is in force");
  // Half filled, the form is there when the page is come back to.
  await office.link("Today").click();
  await office.link("Turf").first().click();
  await page.getByText("Tap its corners on the map: 1 so far.").waitFor();
  await page.reload();
  await page.getByText("Tap its corners on the map: 1 so far.").waitFor();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Riverside");
  await area.selectOption("everything");
  await office.picture("turf");
  await office.sync();

  await office.go("/office/team");
  await office.button("Invite a captain").click();
  const invite = await page.locator("#invite-link").inputValue();
  await office.picture("team");
  await captain.open();
  await captain.join(invite);
  await captain.sync();
  await captain.go("/office/turf");
  await captain.page.getByRole("table").getByRole("link", { name: "Riverside 1", exact: true }).click();
  await captain.button("Hand out: show QR").click();
  link = await captain.page.locator("#invite-link").inputValue();
  await captain.picture("turf-one");
});

test("two canvassers join, lose the signal, close the browser, and go on", async () => {
  for (const person of [ana, ben]) {
    await person.open();
    await person.join(link);
    await person.page.locator("#next").waitFor();
    await person.kept();
    await person.picture(`walk-${person.name}`);
  }
  await relay.kill();
  for (const person of [ana, ben]) {
    await person.close();
    await person.open();
    await person.context.setOffline(true);
    await person.go("/");
    await person.page.locator("#next").waitFor();
  }
  await ana.link("Map").first().click();
  await ana.page.locator(".map-zoom").waitFor();
  await ana.picture("map-offline");
});

async function talk(person, answer, note) {
  await person.link(/^Talk with/).first().click();
  await person.page.getByRole("radio", { name: answer, exact: true }).click();
  for (let n = 0; n < 4 && !(await person.page.locator("#finish").isVisible()); n += 1) {
    await person.page.locator("#talk-next").click();
  }
  await person.button("Add a note").click();
  await person.page.locator("#talk-note").fill(note);
  await person.picture(`talk-${person.name}`);
  await person.page.locator("#finish").click();
  await person.page.getByText(/Talked with/).first().waitFor();
}

test("both record offline: a talk each with the same person, nobody home, a refusal, a mistap, a person", async () => {
  await ana.openHouse(0);
  // A browser's history keeps titles: they name no door.
  await ana.page.waitForFunction(() => document.title === "Door · Porchlight");
  await ana.picture("door");
  await talk(ana, "Strongly yes", "Worried about the cost");
  await ben.openHouse(0);
  await talk(ben, "Undecided", "Spoke in the garden");

  await ana.openHouse(1);
  await ana.recorded(() => ana.page.locator("#not-home").click());
  await ana.openHouse(2);
  await ana.recorded(() => ana.page.locator("#refused").click());
  await ana.openHouse(3);
  await ana.recorded(() => ana.page.locator("#not-home").click());
  await ana.page.locator("#undo").click();
  await ana.page.getByText(/taken back/i).first().waitFor();
  await ana.openHouse(3);
  await ana.button("Add a person").click();
  await ana.page.getByLabel("First name").fill("Nell");
  await ana.page.getByLabel("Last name").fill("Fairlamp");
  await ana.picture("add-person");
  await ana.button("Add and talk").click();
  await ana.page.getByRole("heading", { name: "Nell Fairlamp" }).waitFor();
  await ana.go("/me");
  await ana.picture("me-offline");
});

test("they come back, everything merges, and the settlement reaches the phones", async () => {
  await relay.start();
  for (const person of [ana, ben]) {
    await person.context.setOffline(false);
    await person.sync();
  }
  await ana.sync();
  await office.sync();
  await office.go("/office/settle");
  await office.page.getByRole("button", { name: /^Keep “Strongly yes”/ }).waitFor();
  await office.page.getByText("Worried about the cost").first().waitFor();
  await office.page.getByText("Spoke in the garden").first().waitFor();
  await office.picture("settle");
  // By the key that the button shows, where nothing is typed; what is settled leaves the rail's number, too.
  const keep = office.page.getByRole("button", { name: /^Keep “Strongly yes”/ });
  await office.page.waitForFunction(() => !("rests" in document.documentElement.dataset));
  await office.page.locator("nav").getByText("1", { exact: true }).waitFor();
  await office.page.keyboard.press(await office.page.locator(".side-card").filter({ has: keep }).locator("kbd").innerText());
  await office.page.getByRole("heading", { name: "Nothing to settle" }).waitFor();
  await office.page.locator("nav .chip.count").waitFor({ state: "detached" });
  await office.sync();
  for (const person of [ana, ben]) {
    await person.sync();
    await person.openHouse(0);
    await person.page.locator("article.res").first().getByText("Strongly yes").waitFor();
    assert.equal(await person.page.getByText("two answers").count(), 0, person.name);
    await person.page.getByText("Worried about the cost").first().waitFor();
    await person.page.getByText("Spoke in the garden").first().waitFor();
  }
});

test("the office sees how far they are, finds a voter and takes the results out", async () => {
  await office.go("/office");
  await office.page.getByRole("heading", { name: "Today" }).waitFor();
  await office.page.getByText("4", { exact: true }).first().waitFor();
  await office.page.getByRole("img", { name: /^4 attempts in one day; someone was met at 3 of them\.$/ }).waitFor();
  await office.page.getByText("The numbers").click();
  await office.page.locator("details[open] tbody tr").first().getByText("4", { exact: true }).waitFor();
  await office.page.getByRole("heading", { name: /^Needs you now/ }).waitFor();
  await office.picture("today");
  await office.go("/office/voters");
  await office.page.getByLabel("Name or address").fill("lan");
  await office.picture("voters");
  await office.go("/office/data");
  const [download] = await Promise.all([office.page.waitForEvent("download"), office.button("Every visit").click()]);
  const text = fs.readFileSync(await download.path(), "utf8");
  assert.equal(text.trim().split("\r\n").length, 5, "a header and four visits");
  assert.match(text, /Strongly yes/);
  for (const person of [office, captain, ana, ben]) person.assertCalm();
});
