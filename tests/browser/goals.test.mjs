// Goals on Today: set, changed and removed in place and by keyboard, each act with its undo; the pace and the chart with its numbers; a captain
// sees them and is offered no change, a phone has nothing of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, demo, folder } from "./harness.mjs";

let relay, olga, cleo;

before(async () => {
  relay = await new Relay(folder()).start();
  const links = demo(relay, 120, 60);
  [olga, cleo] = [new Person("Olga", DESK, relay, false), new Person("Cleo", PHONE, relay, false)];
  for (const [person, link] of [[olga, links.coordinator], [cleo, links.captain]]) {
    await person.open();
    await person.join(link);
    await person.sync();
  }
});

after(async () => {
  for (const person of [olga, cleo]) await person?.context?.close();
  await relay?.kill();
});

const goal = (person, name) => person.page.locator("ul.goals > li").filter({ has: person.page.getByRole("heading", { name, exact: true }) });

test("a coordinator sets a goal by keyboard, and sees what is done, the pace, and that a forecast needs two weeks", async () => {
  const { page } = olga;
  await olga.go("/office");
  await page.getByText("A goal says how many").waitFor();
  await page.locator("#goal-set").focus();
  await page.keyboard.press("Enter");
  // The number is asked for first; an empty one is told at the field.
  await page.waitForFunction(() => document.activeElement?.id === "goal-target");
  await page.keyboard.press("Enter");
  await page.getByText("A goal needs a number above zero.").waitFor();
  await page.keyboard.type("900");
  await page.keyboard.press("Enter");
  const doors = goal(olga, "Doors done");
  await doors.getByText("of 900").waitFor();
  await doors.getByText(/a day needed until/).waitFor();
  await page.locator("figure.goal-chart svg[role=img]").waitFor();
  const told = await page.locator("figure.goal-chart svg[role=img]").getAttribute("aria-label");
  assert.match(told, /^Doors done: \d+ of 900 are done/);
  await page.locator("figure.goal-chart summary").click();
  await page.locator("figure.goal-chart").getByRole("columnheader", { name: "By then" }).waitFor();
  await olga.picture("today-goals");
});

test("a goal of one turf stands beside it, and the chart is of the one that is chosen", async () => {
  const { page } = olga;
  await olga.button("Set a goal").click();
  await page.getByLabel("What counts").selectOption({ label: "Supporters" });
  const where = page.getByLabel("Where", { exact: true });
  const turf = await where.locator("option").nth(1).textContent();
  await where.selectOption({ label: turf });
  await page.getByLabel("How many").fill("40");
  await olga.picture("today-goal-form");
  await olga.button("Save goal").click();
  const name = `Supporters · ${turf}`;
  await goal(olga, name).getByText("of 40").waitFor();
  await olga.button(`Chart ${name}`).click();
  await page.locator("figcaption").filter({ hasText: `${name} to` }).waitFor();
});

test("what was changed and removed comes back with Undo, and Escape leaves a goal as it is", async () => {
  const { page } = olga;
  await olga.button("Change Doors done").click();
  await page.getByLabel("How many").fill("12");
  await page.keyboard.press("Escape");
  await goal(olga, "Doors done").getByText("of 900").waitFor();
  await olga.button("Change Doors done").click();
  await page.getByLabel("How many").fill("500");
  await page.keyboard.press("Enter");
  await goal(olga, "Doors done").getByText("of 500").waitFor();
  await page.locator("#undo").click();
  await goal(olga, "Doors done").getByText("of 900").waitFor();
  // A day that no calendar has, and a goal that ends before it begins.
  await olga.button("Change Doors done").click();
  await page.getByLabel("Last day").fill("2020-01-01");
  await olga.button("Save goal").click();
  await page.getByText("The goal ends before it begins.").waitFor();
  await olga.button("Cancel").click();
  await olga.button("Remove Doors done").click();
  await goal(olga, "Doors done").waitFor({ state: "detached" });
  await page.locator("#undo").click();
  await goal(olga, "Doors done").getByText("of 900").waitFor();
});

test("a captain sees the goals and may not change them", async () => {
  await olga.sync();
  await cleo.sync();
  await cleo.go("/office");
  await goal(cleo, "Doors done").getByText("of 900").waitFor();
  assert.equal(await cleo.button(/^(Change|Remove|Set a goal)/).count(), 0);
  await cleo.picture("today-goals-phone");
});
