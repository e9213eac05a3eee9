// The office of one coordinator, and a floor of 120 doors: what a file had wrong is said, one press records a floor and one takes it back, a
// shift over several turf ends in one act, and what a role may not do is not offered.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { DESK, PHONE, Person, Relay, folder } from "./harness.mjs";

const CASE = "tests/cases/31-a-floor-of-120";
const KINDS = ["Every visit", "Answers by voter", "Every answer with its question", "Notes", "Do not contact, danger", "People added", "Visits taken back", "Who walked", "The script’s versions"];

let relay, olga, cleo, ana, files;
const links = [];

before(async () => {
  relay = await new Relay(folder()).start();
  [olga, cleo, ana] = [new Person("Olga", DESK, relay, false), new Person("Cleo", DESK, relay, false), new Person("Ana", PHONE, relay, false)];
  // The case's town; beside it a door between two neighbours, one whose address is in two places, and a row with a cell too many.
  const write = (name, text) => fs.writeFileSync(path.join(files, name), text);
  files = folder();
  const rows = fs.readFileSync(path.join(CASE, "voters.txt"), "utf8").trimEnd().split("\n");
  const voter = (n, address) => rows[2].replace("QZ000002", `QZ90000${n}`).replace("000000000002", `00000090000${n}`).replace("12 PLAIN ST", address);
  write("voters.txt", `${[...rows, voter(1, "14 PLAIN ST"), `${voter(2, "5 MAIN ST")}\t`].join("\n")}\n`);
  const points = fs.readFileSync(path.join(CASE, "addresses.csv"), "utf8").trimEnd().split("\n").filter((row) => !row.includes(",12,Plain St"));
  points.push("-79.2995600,36.1964000,14,Plain St,,Quillby,,NC,27000,4,0000000000000004");
  points.push("-79.3000000,36.2100000,5,Main St,,,,NC,,5,0000000000000005", "-79.2010000,36.2100000,5,Main St,,,,NC,,6,0000000000000006");
  write("addresses.csv", `${points.join("\n")}\n`);
  await olga.open();
});

after(async () => {
  for (const person of [olga, cleo, ana]) await person?.context?.close();
  await relay?.kill();
});

const dialog = (person) => person.page.locator("dialog[open]");
const isRested = (person) => person.page.waitForFunction(() => !("rests" in document.documentElement.dataset));

test("rows that were repaired, doors placed by their neighbours and addresses in several places are said on Data", async () => {
  const { page } = olga;
  await olga.join(relay.founding(), "Lamps for Quillby");
  await page.getByRole("heading", { name: "Four steps to the first door" }).waitFor();
  await olga.go("/office/data");
  const choose = page.getByLabel("Voter file, address file or street file");
  for (const name of ["voters.txt", "addresses.csv"]) {
    await choose.setInputFiles(path.join(files, name));
    await olga.button(`Import ${name}`).waitFor();
    if (name === "voters.txt") {
      await page.getByRole("heading", { name: "Repaired" }).waitFor();
      await page.getByText("Rows with superfluous empty cells at the end, imported: 1").waitFor();
    }
    await olga.button(`Import ${name}`).click();
    await page.locator("main").getByText(new RegExp(`^${name}: \\d+ imported\\.`)).first().waitFor();
  }
  const figure = (label) => page.locator("dl.kv > div").filter({ has: page.getByText(label, { exact: true }) }).locator("dd");
  await figure("of these, estimated from their neighbours").getByText("1", { exact: true }).waitFor();
  await figure("of these, with an address that exists in several places").getByText("1", { exact: true }).waitFor();
});

test("a floor of 120 doors is recorded by one press, and one Undo takes all of it back, offline too", async () => {
  const { page } = olga;
  await olga.go("/office/turf");
  await page.getByLabel("Name", { exact: true }).fill("Rowan");
  await page.getByLabel("Doors in each turf, about").fill("20");
  await olga.button("Preview").click();
  await olga.button("Cut").click();
  const turf = page.getByRole("table").getByRole("link", { name: /^Rowan \d/ });
  await turf.nth(1).waitFor();
  await olga.sync();
  await olga.go("/office/turf");
  for (const n of [0, 1]) {
    await turf.nth(n).click();
    await olga.button("Hand out: show QR").click();
    await page.waitForFunction((before) => ![undefined, ...before].includes(document.querySelector("#invite-link")?.value), links);
    links.push(await page.locator("#invite-link").inputValue());
  }
  await ana.open();
  for (const link of links) {
    await ana.join(link);
    await ana.sync();
  }
  await ana.go("/turf");
  await ana.page.locator("ul.turfs > li").nth(1).waitFor();
  const walks = await ana.page.getByRole("link", { name: /^Walk Rowan/ }).evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  assert.equal(walks.length, 2);
  await ana.context.setOffline(true);
  let n = 0;
  for (const walk of walks) {
    await ana.page.goto(new URL(walk, relay.url).href);
    await ana.page.locator("#next").waitFor();
    if (await ana.page.locator("#next .acts.one").count()) {
      n += 1;
      await ana.page.locator("#next .acts .btn").click();
      await ana.page.getByText("120 units · 120 left").waitFor();
      const floor = ana.button("All not home, Floor 1: 120 doors");
      await isRested(ana);
      await ana.recorded(() => floor.click());
      await ana.page.getByText("120 units · all done").waitFor();
      await ana.page.locator(".undo").getByText("120 doors not home").waitFor();
      await isRested(ana);
      await ana.page.locator("#undo").click();
      await ana.page.getByText("120 units · 120 left").waitFor();
      await ana.page.getByText("Nothing recorded yet").waitFor();
      await isRested(ana);
      await ana.page.locator("#redo").click();
      await ana.page.getByText("120 units · all done").waitFor();
    } else await ana.recorded(() => ana.page.locator("#not-home").click());
  }
  assert.equal(n, 1);
});

test("the end of a shift over two turf is one act, and clears the phone of both", async () => {
  const { page } = ana;
  await ana.context.setOffline(false);
  await ana.sync();
  await ana.link("End the shift").click();
  await ana.button("Clear this phone").waitFor();
  const safe = await page.locator("#safe ul.list > li .who").allTextContents();
  assert.equal(safe.length, 2);
  for (const turf of safe) assert.match(turf, /^([1-9]\d*) of \1 safe$/);
  assert.equal(await ana.button("Clear this phone").count(), 1);
  await ana.button("Clear this phone").click();
  await dialog(ana).getByLabel("I have read what is removed").check();
  await dialog(ana).getByRole("button", { name: "Yes, clear this phone" }).click();
  await page.waitForURL((url) => url.pathname === "/join");
  await ana.go("/turf");
  await page.getByText("Rowan").waitFor({ state: "detached" });
  ana.assertCalm();
});

test("any page, turf and voter is found from everywhere by a few letters and the keys", async () => {
  const { page } = olga;
  await olga.go("/office");
  await olga.button(/^Find anything/).waitFor();
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox");
  await field.waitFor();
  await page.getByRole("option").filter({ hasText: "Script" }).waitFor();
  await field.fill("rowan 1");
  await page.getByRole("option").filter({ hasText: "Rowan 1" }).first().waitFor();
  await olga.picture("finder");
  await field.press("Enter");
  await page.waitForURL((url) => url.pathname.startsWith("/office/turf/"));
  assert.equal(await dialog(olga).count(), 0);
  await page.goBack();
  await page.waitForURL((url) => url.pathname === "/office");

  // A slash opens it, and a voter is one step down; Escape closes it where it was opened.
  await isRested(olga);
  await page.keyboard.press("/");
  await field.fill("plain");
  const voters = page.getByRole("option").filter({ hasText: "voter" });
  await voters.nth(1).waitFor();
  await field.press("ArrowDown");
  await page.locator(".finder-row.on").and(voters.nth(1)).waitFor();
  await field.press("ArrowUp");
  await field.press("ArrowUp");
  await page.locator(".finder-row.on").and(voters.last()).waitFor();
  await field.fill("zzzz");
  await page.getByText("Nothing has such a name.").waitFor();
  await field.press("Enter");
  await field.press("Escape");
  await field.waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname, "/office");

  // Where something is being typed, a slash is a slash.
  await isRested(olga);
  await olga.go("/office/voters");
  await page.locator("#search").fill("");
  await page.locator("#search").pressSequentially("1/2");
  assert.equal(await page.locator("#search").inputValue(), "1/2");
  assert.equal(await dialog(olga).count(), 0);
});

test("a script of four questions is edited on one screen: the list shows its branch, the phone beside it the words as they are typed, and Save makes a version", async () => {
  const { page } = olga;
  await page.setViewportSize({ width: 1440, height: 900 });
  await olga.go("/office/script");
  const row = (name) => page.locator("ol.tree").getByRole("button", { name });
  const picked = page.locator("ol.tree [aria-current]");
  const phone = page.getByRole("region", { name: "What the phone shows" });
  const questions = [
    ["Library measure", "Would you support the library measure?", ["Yes", "Undecided", "No"]],
    ["Yard sign", "Would you put a sign in your yard?", ["Yes, please", "No, thank you"]],
    ["Main worry", "What worries you most about it?", ["The cost", "Something else"]],
    ["Way to vote", "How do you plan to vote?", ["By mail", "On election day"]],
  ];
  for (const [at, [title, text, answers]] of questions.entries()) {
    const n = at + 1;
    if (n > 1) {
      // By the key where nothing is typed, else by the button; the cursor is in the new title at once.
      await picked.focus();
      if (n % 2) await page.keyboard.press("n");
      else await olga.button("Add a question").click();
      await page.locator(`#title-${n}:focus`).waitFor();
    }
    await page.locator(`#title-${n}`).fill(title);
    await page.locator(`#text-${n}`).fill(text);
    for (const [place, answer] of answers.entries()) {
      if (place > 1) {
        await olga.button(`Add an answer to question ${n}`).click();
        await page.locator(`#answer-${n}-${place + 1}:focus`).waitFor();
      }
      await page.getByLabel(`Question ${n}, answer ${place + 1}`, { exact: true }).fill(answer);
    }
  }
  await row("Library measure").click();
  await page.locator("#answer-1-1-then").selectOption({ label: "Question 2: Yard sign" });
  await page.locator("#answer-1-2-then").selectOption({ label: "Question 3: Main worry" });
  await page.locator("#answer-1-3-then").selectOption({ label: "The end" });
  await row("Yard sign").click();
  for (const place of [1, 2]) await page.locator(`#answer-2-${place}-then`).selectOption({ label: "Question 4: Way to vote" });
  await row("2 if Yes Yard sign").waitFor();
  await row("3 if Undecided Main worry").waitFor();
  await row("1 Library measure No: the talk ends").waitFor();
  await row("4 Way to vote").waitFor();

  // All of it is on the screen.
  const isWhole = () => page.evaluate(() => {
    const panes = [document.documentElement, ...document.querySelectorAll("#main, .script-tree, .script-pane, .script-preview")];
    return panes.filter((pane) => pane.scrollHeight > pane.clientHeight + 1).map((pane) => pane.className || pane.tagName);
  });
  assert.deepEqual(await isWhole(), []);

  // The phone has each letter as it is typed, and leads on; J and K go from question to question.
  await picked.focus();
  await page.keyboard.press("k");
  await picked.filter({ hasText: "Library measure" }).waitFor();
  assert.ok(await picked.evaluate((element) => element === document.activeElement));
  await page.locator("#text-1").press("End");
  await page.locator("#text-1").pressSequentially(" On Tuesday, JK?");
  await phone.getByText("Would you support the library measure? On Tuesday, JK?", { exact: true }).waitFor();
  await page.locator("#answer-1-2").fill("Not sure yet");
  await row("3 if Not sure yet Main worry").waitFor();
  await phone.getByRole("radio", { name: "Not sure yet" }).click();
  await phone.getByText("“Not sure yet” leads to Main worry.").waitFor();
  await phone.getByRole("button", { name: "Next" }).click();
  await picked.filter({ hasText: "Main worry" }).waitFor();
  await phone.getByText("What worries you most about it?").waitFor();
  await olga.picture("script-editor");

  // What was removed comes back to its place; by the keys an answer moves, and the cursor with it.
  await olga.button("Remove answer 1 of question 3").click();
  await page.getByText("Answer 1 of question 3 is removed.").waitFor();
  await isRested(olga);
  await olga.button("Undo").click();
  assert.equal(await page.locator("#answer-3-1").inputValue(), "The cost");
  await page.locator("#answer-3-1").press("Alt+ArrowDown");
  await page.locator("#answer-3-2:focus").waitFor();
  assert.equal(await page.locator("#answer-3-2").inputValue(), "The cost");

  // What is wrong is said at its place, whatever is picked.
  await page.locator("#title-3").fill("Yard sign");
  await row("4 Way to vote").click();
  await olga.button("Save the script").click();
  await page.locator("#title-3[aria-invalid=true]:focus").waitFor();
  await page.getByRole("alert").filter({ hasText: "the title “Yard sign” is question 2’s already" }).waitFor();
  await page.locator("#title-3").fill("Main worry");
  await page.locator("#script-draft").getByText("not saved yet").waitFor();
  await olga.button("Save the script").click();
  await page.getByText("The script is saved.").waitFor();
  await page.locator("#script-draft").waitFor({ state: "detached" });
  assert.ok(await olga.button("Save the script").isDisabled());
  await row("3 if Not sure yet Main worry").waitFor();
  const versions = async () => {
    await olga.go("/office/data");
    const [download] = await Promise.all([page.waitForEvent("download"), olga.button("The script’s versions").click()]);
    return new Set(fs.readFileSync(await download.path(), "utf8").trim().split("\n").slice(1).map((line) => line.split(",")[0])).size;
  };
  assert.equal(await versions(), 1);
  await olga.go("/office/script");
  await page.locator("#title-1").fill("The library");
  await olga.button("Save the script").click();
  await page.locator("#script-draft").waitFor({ state: "detached" });
  assert.equal(await versions(), 2);

  // On a phone the list is a page, and each question another; Back leads to the list.
  await page.setViewportSize(PHONE);
  await olga.go("/office/script");
  await row("The library").click();
  await page.locator("#title-1").waitFor();
  assert.equal(await page.locator("ol.tree").count(), 0);
  assert.ok(await page.locator("#main").evaluate((main) => main.scrollHeight < 3 * main.clientHeight));
  await page.goBack();
  await row("The library").and(page.locator(":focus")).waitFor();
  assert.equal(await page.locator("#title-1").count(), 0);
  await page.setViewportSize(DESK);
});

test("each kind of table can be taken from the page", async () => {
  await olga.sync();
  await olga.go("/office/data");
  const taken = new Set();
  for (const kind of KINDS) {
    const [download] = await Promise.all([olga.page.waitForEvent("download"), olga.button(kind).click()]);
    assert.ok(fs.readFileSync(await download.path(), "utf8").includes(","), kind);
    taken.add(download.suggestedFilename());
  }
  assert.equal(taken.size, KINDS.length);
});

test("the only coordinator's computer is not cleared while results are in no archive: it says why, what would go, and that nobody else has it", async () => {
  await olga.go("/me");
  await olga.button("Clear this computer").click();
  await dialog(olga).getByRole("alert").filter({ hasText: "You are the only coordinator." }).waitFor();
  await dialog(olga).getByText(/^2 imported files that nobody else has are removed, too\./).waitFor();
  await dialog(olga).getByText("There is no other coordinator.").waitFor();
  assert.equal(await dialog(olga).getByRole("button", { name: /^Yes, clear/ }).count(), 0);
  assert.equal(await dialog(olga).locator("form, input").count(), 0);
  await dialog(olga).getByRole("button", { name: "Close", exact: true }).click();
});

test("open links list until when they work, and a captain's pages offer nothing that only coordinators do", async () => {
  await olga.go("/office/team");
  await olga.button("Invite a captain").click();
  const invite = await olga.page.locator("#invite-link").inputValue();
  const open = olga.page.locator(".open-links li");
  await open.filter({ hasText: "A captain" }).waitFor();
  assert.equal(await open.filter({ hasText: /Works until .+\./ }).count(), await open.count());
  await cleo.open();
  await cleo.join(invite);
  await cleo.sync();
  const { page } = cleo;
  const offers = [/^Cut/, /^Preview$/, /^Start a new wave$/, /^End /, /^Invite a/, /^Clear this/];
  for (const [where, here] of [["/office/turf", "Waves"], ["/office/team", "Open links"], ["/shift", "End of shift"]]) {
    await cleo.go(where);
    await page.getByText(here, { exact: true }).first().waitFor();
    await page.waitForFunction(() => !document.querySelector(".loading"));
    for (const offer of offers) assert.equal(await page.getByRole("button", { name: offer }).count(), 0, `${where}: ${offer}`);
  }
  // The same names find what a coordinator is offered.
  await olga.go("/office/turf");
  for (const offer of [/^Preview$/, /^Start a new wave$/, /^End /]) await olga.page.getByRole("button", { name: offer }).first().waitFor();
  for (const person of [olga, cleo]) person.assertCalm();
});
