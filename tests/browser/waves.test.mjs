// Waves in the office and on a phone: started, handed out with their history, ended with all that it means said first; and results that
// came too late are told, saved and removed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, demo, folder } from "./harness.mjs";

let relay, olga, ana;

before(async () => {
  relay = await new Relay(folder()).start();
  const links = demo(relay, 120, 40);
  [olga, ana] = [new Person("Olga", DESK, relay), new Person("Ana", PHONE, relay)];
  for (const [person, link] of [[olga, links.coordinator], [ana, links.canvasser]]) {
    await person.open();
    await person.join(link);
    await person.sync();
  }
});

after(async () => {
  for (const person of [olga, ana]) await person?.context?.close();
  await relay?.kill();
});

/** The picture of what is open, at a desk and on a phone. */
async function inBothShapes(person, name) {
  for (const shape of [PHONE, DESK]) {
    await person.page.setViewportSize(shape);
    person.viewport = shape;
    await person.page.locator("#wave-name, dialog[open]").first().scrollIntoViewIfNeeded();
    await person.picture(name);
  }
}

test("a wave is started, and turf is handed out again with what was before", async () => {
  await ana.notHome(0);
  await ana.sync();
  await olga.sync();
  await olga.go("/office/turf");
  await olga.page.getByText("one visit at one door").waitFor();
  await olga.button("Start a new wave").click();
  await olga.page.getByText(/^A wave’s name has/).waitFor();
  await olga.page.getByLabel("Name of a new wave").fill("Second look");
  await olga.button("Start a new wave").click();
  await olga.page.getByText("Second look has begun.").waitFor();
  await inBothShapes(olga, "waves");
  await olga.sync();
  await ana.sync();
  await ana.go("/turf");
  await ana.page.getByText("A new wave has begun: Second look").waitFor();
  await ana.picture("turf-new-wave");
  await ana.go("/walk");
  await ana.page.getByRole("heading", { name: "A new wave has begun: Second look" }).waitFor();
  await ana.picture("walk-new-wave");
  await ana.link("I have it as a link").click();
  await ana.page.getByLabel("Invite link").waitFor();
  await olga.go("/office/turf");
  await olga.page.getByRole("table").getByRole("link").first().click();
  await olga.button("Hand out: show QR").click();
  const link = await olga.page.locator("#invite-link").inputValue();
  await ana.join(link);
  await ana.sync();
  await ana.go("/walk");
  await ana.page.locator("#next").waitFor();
  assert.equal(await ana.page.getByText(/^A new wave has begun/).count(), 0);
  await ana.openHouse(0);
  await ana.page.getByText(/First wave/).first().waitFor();
  await ana.picture("door-waves");
});

test("ending a wave says what it does first, and results that came too late can be saved and removed", async () => {
  await ana.context.setOffline(true);
  await ana.notHome(1);
  await olga.go("/office/turf");
  await olga.button("End Second look").click();
  const dialog = olga.page.locator("dialog[open]");
  await dialog.getByText(/^The record of/).waitFor();
  await dialog.getByText("Ana").waitFor();
  await inBothShapes(olga, "wave-end");
  await dialog.getByRole("button", { name: "End the wave" }).click();
  await olga.page.getByText("Second look has ended.").waitFor();
  // Closed at once; erased a day later, unless a coordinator says otherwise.
  await olga.page.getByText(/^Olga ended Second look/).first().waitFor();
  await olga.button("Have the wave back").click();
  await olga.button("End Second look").click();
  await dialog.getByRole("button", { name: "End the wave" }).click();
  await olga.button("Erase it now").click();
  await olga.sync();
  await ana.context.setOffline(false);
  await ana.go("/me");
  await ana.button("Sync now").click();
  await ana.button("Remove this result").waitFor();
  await ana.picture("me-late");
  await ana.button("Remove this result").click();
  const sheet = ana.page.locator("dialog[open]");
  await sheet.waitFor();
  await ana.picture("me-late-remove");
  await sheet.getByRole("button", { name: "Remove this result" }).click();
  await sheet.waitFor({ state: "detached" });
  await ana.sync();
  await ana.openHouse(1);
  await olga.go("/office/turf");
  await olga.button("End First wave").click();
  await dialog.getByText(/^No other wave goes on/).waitFor();
  await olga.picture("wave-end-last");
  for (const person of [olga, ana]) person.assertCalm();
});
