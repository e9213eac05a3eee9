// One tap, one result, where two fall 15 to 300 ms apart: joining, a talk, opening a door on the smallest phone, and the acts of the office
// that are not taken back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { DESK, PHONE, PROGRAMS, Person, Relay, SMALL, demo, folder } from "./harness.mjs";
import { twice } from "./thumb.mjs";

const GAPS = [15, 150, 300];

let relay, links, olga, ana, ben;

before(async () => {
  relay = await new Relay(folder()).start();
  links = demo(relay, 60, 60);
});

after(async () => {
  for (const person of [olga, ana, ben]) await person?.context?.close();
  await relay?.kill();
});

async function opened(name, viewport) {
  const person = new Person(name, viewport, relay, false);
  person.hasTouch = true;
  return person.open();
}

/** The names of the devices that the relay serves. */
function devices() {
  const said = execFileSync(path.join(PROGRAMS, "porchlight-relay"), ["devices", "--json", "--data", relay.data], { encoding: "utf8" });
  return JSON.parse(said).map((device) => device.name);
}

const at = (person) => new URL(person.page.url()).pathname;

test("Join pressed twice joins once", async () => {
  [ana, ben] = [await opened("Ana", PHONE), await opened("Ben", PHONE)];
  for (const [person, gap] of [[ana, 15], [ben, 200]]) {
    await person.go(links.canvasser);
    await person.page.getByLabel("Your name").fill(person.name);
    await twice(person.page, person.button("Join"), gap);
    await person.page.locator("#next").waitFor();
    assert.match(at(person), /^\/walk\//);
    await person.page.getByText("Nothing recorded yet").waitFor();
    assert.equal(devices().filter((name) => name === person.name).length, 1, `${gap} ms`);
  }
  await ben.close();
});

test("a tap that is not taken buzzes, until that is switched off; lying on its side, the acts are under the thumb of the hand that holds the phone", async () => {
  const { page } = ana;
  const counts = () => (globalThis.nBuzzes = 0, (navigator.vibrate = () => (globalThis.nBuzzes += 1) > 0));
  for (const isOn of [true, false]) {
    await ana.go("/me");
    await page.getByLabel("A short buzz when a tap is ignored").setChecked(isOn);
    await ana.go("/walk");
    await page.evaluate(counts);
    await twice(page, page.locator("#not-home"), 150);
    assert.equal(await page.evaluate(() => globalThis.nBuzzes), isOn ? 1 : 0);
    await page.locator("#undo").click();
    await page.getByText("1 taken back").waitFor();
  }
  await page.setViewportSize({ width: 844, height: 390 });
  const middle = async (part) => {
    const box = await page.locator(part).first().boundingBox();
    return box.x + box.width / 2;
  };
  for (const isLeft of [false, true]) {
    await ana.go("/me");
    await page.getByLabel(/^Held in the left hand/).setChecked(isLeft);
    await ana.go("/walk");
    await page.locator("#next").waitFor();
    await ana.picture(isLeft ? "walk-land-left" : "walk-land");
    const [acts, list, tabs] = [await middle("#next"), await middle("ol.list.doors"), await middle("nav.tabs")];
    assert.ok(isLeft ? acts < list && list < tabs : tabs < list && list < acts, `acts ${acts}, list ${list}, tabs ${tabs}`);
  }
  await ana.go("/me");
  await page.getByLabel(/^Held in the left hand/).uncheck();
  await page.setViewportSize(PHONE);
});

/** Opens the first house where at least so many people are listed. */
async function houseOf(n) {
  await ana.go("/walk");
  const rows = ana.page.locator("ol.list.doors a[href^='/door/']");
  await rows.first().waitFor();
  const listed = await rows.evaluateAll((rows) => rows.map((row) => [row.getAttribute("href"), row.querySelectorAll("small > bdi").length]));
  const [door] = listed.find(([, nPeople]) => nPeople >= n);
  await ana.go(door);
  await ana.page.locator("#add-person").waitFor();
  return door;
}

test("Next and Finish pressed twice go one step, and never to a tab or another page than the door", async () => {
  const { page } = ana;
  const door = await houseOf(3);
  const people = page.locator("article.res");
  const nPeople = await people.count();
  for (const [n, gap] of GAPS.entries()) {
    await people.nth(n).getByRole("link", { name: /^Talk with/ }).click();
    await page.getByText(/^Question 1 of/).waitFor();
    const talk = at(ana);
    for (const question of [2, 3]) {
      await twice(page, page.locator("#talk-next"), gap);
      assert.match(await page.locator("#progress").textContent(), new RegExp(`^Question ${question} of`), `${gap} ms`);
      assert.equal(at(ana), talk);
    }
    await page.locator("#finish").getByText("Finish, no answers").waitFor();
    await twice(page, page.locator("#finish"), gap);
    await page.locator("#undo").waitFor();
    await page.locator("[role=status]").getByText(/^Talked with .+, no answers$/).waitFor({ state: "attached" });
    const isLast = n === nPeople - 1;
    if (isLast) assert.match(at(ana), /^\/walk\//, `${gap} ms`);
    else assert.equal(at(ana), door, `${gap} ms`);
    assert.equal(await page.locator("dialog[open]").count(), 0);
    await ana.go(door);
    await people.nth(n).getByText("Talked").first().waitFor();
    assert.equal(await page.locator(".history li").count(), n + 1, `${gap} ms`);
  }
});

test("a talk finished without answers is recorded as talked, with no answer in the history, on the card or in the strip", async () => {
  const { page } = ana;
  // The last of the talks above, at the door that is open.
  const last = page.locator(".history li").first();
  assert.match(await last.locator(".li-title").textContent(), /^Talked · /);
  assert.equal(await last.locator("p.who").count(), 1, "when and by whom, and no answer");
  const name = (await last.locator(".li-title bdi").nth(1).textContent()).trim();
  await page.locator(".undo").getByText(`talked with ${name}`).waitFor();
  const card = page.locator("article.res").filter({ hasText: name });
  assert.match(await card.locator(".sub2").textContent(), /^Talked · you, [^·]+$/);
});

test("a door pressed twice on the smallest phone is opened, and no talk with it", async () => {
  const { page } = ana;
  await page.setViewportSize(SMALL);
  // By the title of its card, and by Talk where several live: that leads to the door, too.
  for (const [selector, gaps] of [["#next .top", GAPS], ["#next .acts a[href^='/door/']", [150]]]) {
    for (const gap of gaps) {
      await ana.go("/walk");
      await page.locator("#next").waitFor();
      for (let n = 0; n < 10 && !(await page.locator(selector).count()); n += 1) await ana.recorded(() => page.locator("#not-home").click());
      const to = await page.locator(selector).getAttribute("href");
      await twice(page, page.locator(selector), gap);
      assert.equal(at(ana), to, `${selector}, ${gap} ms`);
      await page.locator(".dock .acts").waitFor();
      assert.equal(await page.locator("dialog[open]").count(), 0, `${selector}, ${gap} ms`);
    }
  }
  await page.setViewportSize(PHONE);
});

test("in the office, what ends or begins something is done once by two presses, and nothing else with it", async () => {
  olga = await opened("Olga", DESK);
  const { page } = olga;
  await olga.join(links.coordinator);
  await olga.sync();
  const dialog = page.locator("dialog[open]");
  const button = (name) => dialog.getByRole("button", { name, exact: true });
  const said = (text) => page.locator(".notices").getByText(text).first().waitFor();

  // A link: the first press asks, the second is for another spot.
  await olga.go("/office/team");
  const withdraws = page.locator(".open-links").getByRole("button", { name: /^Withdraw the link/ });
  await withdraws.first().waitFor();
  const nLinks = await withdraws.count();
  assert.ok(nLinks > 1);
  await twice(page, page.getByRole("button", { name: "Withdraw the link: A captain", exact: true }), 15);
  await twice(page, button("Withdraw the link"), 150);
  await said("Link withdrawn: A captain");
  assert.equal(await dialog.count(), 0);
  assert.equal(await withdraws.count(), nLinks - 1);

  // A turf that two hold.
  await olga.go("/office/turf");
  await page.getByRole("table").getByRole("link").first().click();
  const holders = page.locator("aside.side").getByRole("button", { name: /^Take back from/ });
  await holders.nth(1).waitFor();
  await twice(page, page.getByRole("button", { name: /^Take back from Ben/ }), 150);
  await twice(page, button("Take back"), 300);
  await said("Taken back from Ben.");
  await page.waitForFunction(() => document.querySelectorAll("aside.side [aria-label^='Take back from']").length === 1);
  await page.getByRole("button", { name: /^Take back from Ana/ }).waitFor();
  assert.equal(await dialog.count(), 0);

  // Waves.
  await olga.go("/office/turf");
  await page.getByLabel("Name of a new wave").fill("Second look");
  const ends = page.getByRole("button", { name: /^End / });
  await twice(page, olga.button("Start a new wave"), 15);
  await button("Start it").waitFor();
  assert.equal(await ends.count(), 1, "asked, and not started");
  await twice(page, button("Start it"), 150);
  await said("Second look has begun.");
  await olga.button("End Second look").waitFor();
  assert.equal(await ends.count(), 2);
  assert.equal(await dialog.count(), 0);
  await twice(page, olga.button("End First wave"), 300);
  await dialog.getByLabel(/^Go on without an archive/).check();
  await twice(page, button("End the wave"), 15);
  await said(/^First wave has ended/);
  await olga.button("Take the end back").waitFor();
  await olga.button("Erase it now").waitFor();
  assert.equal(await ends.count(), 1);
  assert.equal(await dialog.count(), 0);
  assert.equal(at(olga), "/office/turf");
  for (const person of [olga, ana, ben]) person.assertCalm();
});
