// Every screen that the day does not stop at, each with its picture and axe: full, empty, failed, in sheets, on desk and phone. And
// what others do changes the page that is open: progress, and a turf that is taken back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, demo, folder } from "./harness.mjs";

const OFFICE = ["/office", "/office/turf", "/office/voters", "/office/script", "/office/settle", "/office/team", "/office/data", "/office/nowhere", "/me"];
const NO_DOOR = "/door/00000000-0000-7000-8000-000000000000";

let relay, olga, cleo, ana, talked, nDone;
/** What the relay answered to Ana's phone: address and rule for caches. */
const answers = [];

before(async () => {
  relay = await new Relay(folder()).start();
  // One turf with everything in it: houses and buildings.
  const links = demo(relay, 320, 320);
  [olga, cleo, ana] = [new Person("Olga", DESK, relay), new Person("Cleo", DESK, relay), new Person("Ana", PHONE, relay)];
  await ana.open();
  ana.context.on("response", (response) => {
    if (response.url().includes("/v1/")) answers.push([new URL(response.url()).pathname, response.headers()["cache-control"]]);
  });
  await ana.go("/");
  await ana.picture("welcome");
  await ana.join(links.canvasser);
  await ana.page.locator("#next").waitFor();
  await ana.kept();
  for (const [person, link] of [[olga, links.coordinator], [cleo, links.captain]]) {
    await person.open();
    await person.join(link);
    await person.sync();
  }
});

after(async () => {
  for (const person of [olga, cleo, ana]) await person?.context?.close();
  await relay?.kill();
});

/** Waits until nothing on the page is loading any more. */
async function loaded(person) {
  await person.page.locator("h1:not(.splash-name)").first().waitFor();
  await person.page.waitForFunction(() => !document.querySelector(".loading"));
}

/** Takes the picture of the sheet that is open, and closes it. */
async function sheet(person, name) {
  const dialog = person.page.locator("dialog[open]");
  await dialog.waitFor();
  await person.picture(name);
  await dialog.getByRole("button", { name: "Close", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

test("a canvasser's other screens", async () => {
  const { page } = ana;
  await ana.go("/turf");
  await page.locator("ul.turfs li").first().waitFor();
  await ana.picture("turf-list");
  await ana.link(/^Map of/).first().click();
  await page.locator(".map-zoom").waitFor();
  await ana.picture("map");

  await ana.wholeList();
  await ana.picture("walk-find");
  await page.locator("ol.list a[href^='/building/']").first().click();
  await page.locator("ul.units").first().waitFor();
  await ana.picture("building");

  await ana.notHome(0);
  await ana.openHouse(0);
  await page.getByText("on this phone").or(page.getByText("safe at the relay")).first().waitFor();
  await ana.picture("door-history");
  await ana.button("More results").click();
  await sheet(ana, "door-more");
  await ana.button("More results").click();
  await page.locator("#more-danger").click();
  await page.locator("#danger-words").waitFor();
  await sheet(ana, "door-danger");
  await ana.button("Note").click();
  await sheet(ana, "note");
  await ana.button(/^More about/).first().click();
  await sheet(ana, "person-more");

  await ana.go("/me");
  await ana.picture("me");
  await page.locator("a[href='/shift']").first().click();
  await page.getByRole("heading", { name: "End of shift" }).waitFor();
  await ana.picture("shift");
  await ana.go("/nowhere");
  await page.getByRole("heading", { name: "Nothing here" }).first().waitFor();
  await ana.picture("not-found");
  await ana.go(NO_DOOR);
  await page.locator(".trouble").first().waitFor();
  await ana.picture("door-gone");
});

test("a shared computer's browser keeps no secret of a link, no name of a door or person, and no copy of a turf", async () => {
  const { page } = ana;
  await ana.openHouse(2);
  const [address, person] = [await page.locator("h1").innerText(), await page.locator("article.res .whom bdi").first().innerText()];
  const browser = await ana.context.newCDPSession(page);
  const { entries } = await browser.send("Page.getNavigationHistory");
  assert.ok(entries.some(({ url }) => url.includes("/door/")) && address && person);
  for (const { url, title } of entries) {
    assert.equal(new URL(url).hash, "", url);
    for (const name of [address, person]) assert.ok(!`${title} ${decodeURIComponent(url)}`.includes(name), `${title} ${url}`);
  }
  assert.ok(answers.some(([path]) => path.startsWith("/v1/packs/")), `${answers}`);
  assert.deepEqual(answers.filter(([, rule]) => rule !== "no-store"), []);
});

test("the office's screens for each role, at a desk and on a phone", async () => {
  for (const person of [olga, cleo]) {
    for (const shape of [DESK, PHONE]) {
      await person.page.setViewportSize(shape);
      person.viewport = shape;
      for (const where of shape === PHONE ? [...OFFICE, "/more"] : OFFICE) {
        await person.go(where);
        await loaded(person);
        await person.picture(`${person.name}${where.replaceAll("/", "-")}`);
      }
    }
    await person.page.setViewportSize(DESK);
    person.viewport = DESK;
  }
});

test("what a role may not do has no page: a typed address says so, and leads back", async () => {
  for (const where of ["/office/script", "/office/data", "/office/settle"]) {
    await cleo.go(where);
    await cleo.page.getByRole("heading", { name: "This page is not open to you" }).waitFor();
    await cleo.page.getByText("Only coordinators may do this").waitFor();
    assert.equal(await cleo.page.locator("main form, main input, main textarea").count(), 0, where);
  }
  await cleo.picture("closed-page");
  await cleo.link("Go to the start").click();
  await cleo.page.getByRole("heading", { name: "Today" }).first().waitFor();
  await ana.go("/office/team");
  await ana.page.getByText("Only captains and coordinators may do this").waitFor();
});

test("handing out again shows the same link; it is listed with its uses, and withdrawn", async () => {
  const { page } = cleo;
  await cleo.go("/office/turf");
  await page.getByRole("table").getByRole("link", { name: /^Lantern/ }).first().click();
  const side = page.locator("aside.side");
  await side.getByText("No link hands this turf out").or(side.getByText(/ of \d+ used/)).first().waitFor();
  await cleo.button("Hand out: show QR").click();
  const first = await page.locator("#invite-link").inputValue();
  await side.getByText("0 of 3 used").waitFor();
  await cleo.button("Hand out: show QR").click();
  await side.getByText("This is the link that you made before").waitFor();
  assert.equal(await page.locator("#invite-link").inputValue(), first);
  await cleo.picture("turf-links");

  await cleo.go("/office/team");
  const links = page.locator(".open-links");
  await cleo.button(/^Show the link: Lantern/).click();
  assert.equal(await page.locator("#invite-link-again").inputValue(), first);
  await cleo.picture("team-links");
  await links.getByRole("button", { name: /^Withdraw the link: Lantern/ }).first().click();
  await page.locator("dialog[open]").waitFor();
  await cleo.picture("link-withdraw");
  await page.locator("dialog[open]").getByRole("button", { name: "Withdraw the link", exact: true }).click();
  await page.getByText(/^Link withdrawn: Lantern/).waitFor();
  await cleo.button(/^Show the link: Lantern/).waitFor({ state: "detached" });
});

test("a coordinator whose files another device brought in sees what came with the turf, and is told so", async () => {
  await olga.go("/office/data");
  await olga.page.getByText("Another device imported the files").waitFor();
  await olga.page.getByText("Doors on the map").waitFor();
});

test("a voter's record is found and opened, with what was said at the door", async () => {
  await ana.openHouse(3);
  const address = await ana.page.locator("h1").first().textContent();
  const talk = ana.link(/^Talk with/).first();
  // Three doors nobody was home at; the fourth is done where nobody else lives there.
  nDone = (await ana.page.locator("article.res").count()) > 1 ? 3 : 4;
  talked = (await talk.getAttribute("aria-label")).replace("Talk with ", "");
  await talk.click();
  await ana.page.getByRole("radio", { name: "Strongly yes", exact: true }).click();
  for (let n = 0; n < 4 && !(await ana.page.locator("#finish").isVisible()); n += 1) {
    await ana.page.locator("#talk-next").click();
  }
  await ana.button("Add a note").click();
  await ana.page.locator("#talk-note").fill("Worried about the cost");
  await ana.page.locator("#finish").click();
  await ana.page.getByText(/Talked with/).first().waitFor();
  await ana.sync();
  await olga.sync();
  await olga.go("/office/voters");
  const search = olga.page.getByLabel("Name or address");
  await search.fill("zzzz");
  await olga.page.getByText("Nobody was found").waitFor();
  await olga.picture("voters-none");
  await search.fill(talked);
  await olga.page.locator("tr[data-voter]").filter({ hasText: talked }).filter({ hasText: address.trim() }).first().click();
  await olga.page.getByRole("heading", { name: talked }).first().waitFor();
  await olga.page.getByText("Worried about the cost").first().waitFor();
  await olga.page.getByText("Strongly yes").first().waitFor();
  assert.equal(await olga.page.title(), "Voters · Porchlight", "a browser's history names nobody");
  await olga.picture("voter-record");
});

test("progress changes on the pages that are open while a phone syncs; a turf taken back leaves the phone and loses nothing", async () => {
  await cleo.sync();
  await cleo.go("/office/turf");
  await cleo.page.getByRole("table").getByRole("link", { name: /^Lantern/ }).first().click();
  const side = cleo.page.locator("aside.side");
  const holder = side.locator("li").filter({ hasText: "Ana" });
  await holder.getByText(/heard from/).waitFor();
  await holder.getByText("2 doors").waitFor();
  await olga.go("/office");
  const attempts = olga.page.locator("dl.figures > div").filter({ hasText: "Attempts" }).locator("dd");
  await attempts.filter({ hasText: /^2$/ }).waitFor();

  // Nobody touches these two pages while Ana walks on.
  await ana.notHome(1);
  await holder.getByText("3 doors").waitFor();
  await attempts.filter({ hasText: /^3$/ }).waitFor();

  await ana.context.setOffline(true);
  await ana.notHome(2);
  await cleo.button("Take back from Ana: this turf").click();
  await cleo.page.locator("dialog[open]").waitFor();
  await cleo.picture("take-back");
  await cleo.page.locator("dialog[open]").getByRole("button", { name: "Take back", exact: true }).click();
  await cleo.page.getByText("Taken back from Ana.").waitFor();
  await ana.context.setOffline(false);
  await ana.go("/turf");
  await ana.page.getByRole("heading", { name: "No turf on this device yet" }).waitFor();
  await ana.picture("no-turf");
  await side.getByText("Nobody holds this turf yet.").waitFor();
  await side.getByText(new RegExp(`^${nDone} of \\d+ doors$`)).waitFor();
  for (const person of [olga, cleo, ana]) person.assertCalm();
  assert.ok(talked);
});

test("a computer of the office is cleared only on purpose: not at the end of a shift, not by taps on one spot, not without the campaign's name", async () => {
  const { page } = olga;
  await olga.go("/shift");
  await page.getByRole("heading", { name: "End of shift" }).waitFor();
  await olga.link("Keep it").waitFor();
  assert.equal(await olga.button(/^Clear this/).count(), 0);
  for (const person of [cleo, olga]) {
    await person.go("/me");
    const button = person.button("Clear this computer");
    await button.scrollIntoViewIfNeeded();
    const box = await button.boundingBox();
    for (let n = 0; n < 6; n += 1) await person.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await person.go("/me");
    await button.waitFor();
  }
  await olga.button("Clear this computer").click();
  const dialog = page.locator("dialog[open]");
  const clear = dialog.getByRole("button", { name: "Yes, clear this computer" });
  await clear.waitFor();
  await dialog.getByText("Other coordinators").waitFor();
  await olga.picture("leave");
  assert.ok(await clear.isDisabled());
  await dialog.getByLabel("I have read what is removed").check();
  assert.ok(await clear.isDisabled(), "the name is not typed yet");
  const label = await dialog.locator("label[for='clear-typed']").textContent();
  await dialog.locator("#clear-typed").fill(label.split(": ")[1]);
  await clear.click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.waitForFunction(() => location.pathname === "/join");
  assert.equal(await page.locator("nav.rail").count(), 0);
});
