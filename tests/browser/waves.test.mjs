// Waves in the office and on a phone: started, handed out with their history, ended with all that it means said first; and results that
// came too late are told, saved and removed.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, demo, folder } from "./harness.mjs";

let relay, links, olga, ana, archive, archiveName;

before(async () => {
  relay = await new Relay(folder()).start();
  links = demo(relay, 120, 40);
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
    // On a phone waves are behind a choice of their own.
    const waves = person.button("Cut, waves");
    if (shape === PHONE && !(await person.page.locator("dialog[open]").isVisible())) await waves.click();
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
  const dialog = olga.page.locator("dialog[open]");
  const begin = async (name) => {
    await olga.page.getByLabel("Name of a new wave").fill(name);
    await olga.button("Start a new wave").click();
    // One click says what will happen; nothing is started before the second.
    await dialog.getByText(/turf gets? (a )?new document/).waitFor();
    assert.equal(await olga.page.getByText(`${name} has begun.`).count(), 0);
    await dialog.getByRole("button", { name: "Start it" }).click();
    await olga.page.getByText(`${name} has begun.`).waitFor();
    await dialog.waitFor({ state: "detached" });
  };
  await begin("Mistake");
  await olga.button("Undo the start of Mistake").click();
  await dialog.getByText(/^Results go into the previous wave/).waitFor();
  await olga.picture("wave-undo");
  await dialog.getByRole("button", { name: "Undo the start" }).click();
  await olga.page.getByText("The start of Mistake is undone.").waitFor();
  await olga.page.getByText(/start undone/).waitFor();
  await begin("Second look");
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

test("a link that was made before the wave is listed as one, and once it is withdrawn it lets nobody in", async () => {
  await olga.go("/office/team");
  const earlier = olga.page.locator(".open-links li").filter({ hasText: "leads to the previous wave" });
  await earlier.getByText("1 of 20 used: Ana").waitFor();
  assert.equal(await earlier.count(), 1, "the link of the new wave is none");
  await olga.picture("team-links-earlier");
  await earlier.getByRole("button", { name: /^Withdraw the link: Lantern/ }).click();
  await olga.page.locator("dialog[open]").getByRole("button", { name: "Withdraw the link", exact: true }).click();
  await olga.page.getByText(/^Link withdrawn: Lantern/).waitFor();
  await earlier.waitFor({ state: "detached" });
  const ben = await new Person("Ben", PHONE, relay, false).open();
  try {
    await ben.go(links.canvasser);
    await ben.page.getByText("This invite has expired").first().waitFor();
  } finally {
    await ben.close();
  }
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
  // The end is offered once the archive is saved, or the person said that they go on without.
  const end = dialog.getByRole("button", { name: "End the wave" });
  assert.ok(await end.isDisabled());
  await dialog.getByLabel(/^Go on without an archive/).check();
  assert.ok(await end.isEnabled());
  await dialog.getByLabel(/^Go on without an archive/).uncheck();
  assert.ok(await end.isDisabled());
  await dialog.getByRole("button", { name: "Make the archive" }).click();
  const [download] = await Promise.all([
    olga.page.waitForEvent("download"),
    dialog.getByRole("button", { name: /^Save porchlight-archive-.*\.zip$/ }).click(),
  ]);
  await dialog.getByLabel("I have checked: the file is there").waitFor();
  assert.ok(await end.isDisabled());
  await dialog.getByLabel("I have checked: the file is there").check();
  await olga.picture("wave-end-archived");
  archive = await download.path();
  archiveName = download.suggestedFilename();
  await end.click();
  await olga.page.getByText("Second look has ended.").waitFor();
  // Closed at once; erased a day later, unless a coordinator says otherwise.
  await olga.page.getByText(/^Olga ended Second look/).first().waitFor();
  // Until then it is looked at, and taken out, by itself; a wave whose start was undone before anything was recorded is not offered.
  const offered = await olga.page.locator("#table-wave option").allInnerTexts();
  assert.deepEqual(offered.map((label) => label.split(" · ")[0]), ["The current one", "Second look", "First wave"]);
  await olga.page.locator("#table-wave").selectOption({ label: offered[1] });
  await olga.page.waitForFunction(() => document.querySelectorAll("tr[data-done]").length && !document.querySelector("tr[data-done]:not([data-done='0'])"));
  await olga.page.locator("#table-wave").selectOption({ label: "First wave" });
  await olga.page.locator("tr[data-done='1']").first().waitFor();
  await olga.go("/office");
  await olga.page.locator("#today-wave").selectOption({ label: "First wave" });
  await olga.page.getByText("Doors done").waitFor();
  await olga.go("/office/turf");
  await olga.button("Take the end back").click();
  await olga.button("End Second look").click();
  await dialog.getByLabel(/^Go on without an archive/).check();
  await dialog.getByRole("button", { name: "End the wave" }).click();
  // Erasing at once is asked, with the archive first: another coordinator could have stopped it until then.
  await olga.button("Erase it now").click();
  await dialog.getByText("Erase Second look now?").waitFor();
  await dialog.getByRole("button", { name: "Make the archive" }).waitFor();
  const erase = dialog.getByRole("button", { name: "Erase it for good" });
  assert.ok(await erase.isDisabled());
  await olga.picture("wave-erase");
  await olga.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await olga.page.getByText(/^Olga ended Second look/).first().waitFor();
  await olga.button("Erase it now").click();
  await dialog.getByLabel(/^Go on without an archive/).check();
  await erase.click();
  await olga.page.getByText("Second look is erased.").waitFor();
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
  await dialog.getByText(/^No other wave is in progress/).waitFor();
  await olga.picture("wave-end-last");
  await dialog.getByRole("button", { name: "Close" }).click();

  // One wave is left: there is nothing to choose between.
  assert.equal(await olga.page.locator("#table-wave").count(), 0);

  // What is gone everywhere is looked at in its archive.
  await olga.go("/office/data");
  await olga.page.getByLabel("An archive (.zip)").setInputFiles({ name: archiveName, mimeType: "application/zip", buffer: fs.readFileSync(archive) });
  await olga.page.getByText(/, Second look: made .* by Olga\. Read-only\.$/).waitFor();
  await olga.page.locator("#archive-table").selectOption("8");
  await olga.page.getByRole("columnheader", { name: "is_support" }).waitFor();
  await olga.picture("archive");
  for (const person of [olga, ana]) person.assertCalm();
});
