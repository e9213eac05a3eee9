// A lost phone is shut out under Team: what it does is said before it is done, and what was done after; without the relay nobody is shut out, and
// trying again does it. A captain is offered it for canvassers alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, demo, folder } from "./harness.mjs";

let relay, links, olga, cleo, ana;

before(async () => {
  relay = await new Relay(folder()).start();
  links = demo(relay, 60, 30);
  [olga, cleo, ana] = [new Person("Olga", DESK, relay, false), new Person("Cleo", DESK, relay, false), new Person("Ana", PHONE, relay, false)];
  for (const [person, link] of [[olga, links.coordinator], [cleo, links.captain], [ana, links.canvasser]]) {
    await person.open();
    await person.join(link);
    await person.sync();
  }
});

after(async () => {
  for (const person of [olga, cleo, ana]) await person?.context?.close();
  await relay?.kill();
});

const dialog = (person) => person.page.locator("dialog[open]");
// By the title: a row also names whoever shut its device out.
const row = (person, name) => person.page.locator("#devices > li").filter({ has: person.page.locator(".li-title", { hasText: name }) });
const shutOut = (person, name) => row(person, name).getByRole("button", { name: /^Shut out/ });

test("a captain shuts a canvasser's phone out, is told what that means, and is offered nobody else", async () => {
  await cleo.sync();
  await cleo.go("/office/team");
  await shutOut(cleo, "Ana").waitFor();
  assert.equal(await shutOut(cleo, "Olga").count(), 0);
  assert.equal(await shutOut(cleo, "Cleo").count(), 0);
  await shutOut(cleo, "Ana").click();
  for (const said of [/nothing more of the campaign/, /Everything it has sent stays/, /can only be handed over in a file/, /cannot be undone/]) {
    await dialog(cleo).getByText(said).waitFor();
  }
  await cleo.picture("shut-out");

  // Without the relay nobody is shut out, and nothing is half done.
  await relay.kill();
  await dialog(cleo).getByRole("button", { name: /^Shut out .+’s device$/ }).click();
  await dialog(cleo).getByText(/^The relay did not answer/).waitFor();
  await cleo.picture("shut-out-offline");
  assert.equal(await row(cleo, "Ana").getByText("Shut out or left").count(), 0);
  await relay.start();
  await dialog(cleo).getByRole("button", { name: /^Shut out .+’s device$/ }).click();
  await cleo.page.getByText(/device is shut out\.$/).first().waitFor();
  await row(cleo, "Ana").getByText("Shut out or left").waitFor();
  await row(cleo, "Ana").getByText(/^Shut out by .*Cleo.*, /).waitFor();
  assert.equal(await shutOut(cleo, "Ana").count(), 0);
  await cleo.picture("shut-out-done");

  await ana.go("/me");
  await ana.button("Sync now").click();
  await ana.page.getByText("This device was signed out by the campaign").first().waitFor();
});

test("a coordinator shuts a captain out, and the link that the captain had made lets nobody in", async () => {
  await cleo.go("/office/turf");
  await cleo.page.getByRole("table").getByRole("link", { name: /^Lantern/ }).first().click();
  await cleo.button("Hand out: show QR").click();
  const link = await cleo.page.locator("#invite-link").inputValue();
  await olga.sync();
  await olga.go("/office/team");
  await shutOut(olga, "Cleo").click();
  await dialog(olga).getByText(/open links that it made no longer work/).waitFor();
  await dialog(olga).getByRole("button", { name: /^Shut out .+’s device$/ }).click();
  await olga.page.getByText(/one open link that it had made no longer works/).first().waitFor();
  await row(olga, "Cleo").getByText("Shut out or left").waitFor();
  assert.equal(await shutOut(olga, "Olga").count(), 0);
  const ben = await new Person("Ben", PHONE, relay, false).open();
  try {
    await ben.go(link);
    await ben.page.getByText("This invite has expired").first().waitFor();
  } finally {
    await ben.close();
  }
  for (const person of [olga, cleo, ana]) person.assertCalm();
});
