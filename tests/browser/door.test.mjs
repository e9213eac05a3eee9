// At the door: what was typed or chosen is kept whatever becomes of the page, a chosen answer stays chosen, and a result about one
// person leaves the others to do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, Person, Relay, demo, folder } from "./harness.mjs";

let relay, ana, door;

before(async () => {
  relay = await new Relay(folder()).start();
  const links = demo(relay, 60, 60);
  ana = await new Person("Ana", PHONE, relay).open();
  await ana.join(links.canvasser);
  await ana.page.locator("#next").waitFor();
  await ana.kept();
  // The first house where at least three people are listed.
  await ana.go("/walk");
  await ana.page.locator("ol.list.doors a[href^='/door/']").first().waitFor();
  const doors = await ana.page.locator("ol.list.doors a[href^='/door/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (door of doors) {
    await ana.go(door);
    await ana.page.locator("#add-person").waitFor();
    if ((await ana.page.locator("article.res").count()) >= 3) return;
  }
  throw new Error("no house with three people");
});

after(async () => {
  await ana?.context?.close();
  await relay?.kill();
});

const dialog = () => ana.page.locator("dialog[open]");
const residents = () => ana.page.locator("article.res");

/** Waits until the guard takes taps again. */
async function rested() {
  await ana.page.waitForFunction(() => !document.documentElement.hasAttribute("data-rests"));
}

async function tap(locator) {
  await rested();
  await locator.click();
}

async function openDoor() {
  await ana.go(door);
  await ana.page.locator("#add-person").waitFor();
}

test("a chosen answer stays chosen when it is tapped again, and clearing is an act of its own", async () => {
  await openDoor();
  await ana.picture("door-three");
  await tap(residents().nth(0).getByRole("link", { name: /^Talk with/ }));
  const next = ana.page.locator("#talk-next");
  await next.filter({ hasText: "Skip" }).waitFor();
  const answer = ana.page.getByRole("radio").first();
  await tap(answer);
  for (let n = 0; n < 3; n += 1) await answer.click();
  assert.equal(await answer.getAttribute("aria-checked"), "true");
  await next.filter({ hasText: "Next" }).waitFor();
  await tap(ana.page.locator("#clear"));
  await next.filter({ hasText: "Skip" }).waitFor();
  assert.equal(await answer.getAttribute("aria-checked"), "false");
  await tap(answer);
  await tap(next);
  await ana.page.getByText(/^Question 2 of/).waitFor();
  await ana.picture("talk-question-2");
});

test("a talk half done survives Back, a reload, a killed page and another tab, and the door offers to go on with it", async () => {
  const goesOn = async () => {
    await ana.page.getByText(/question 2 of \d/).first().waitFor();
    const goOn = ana.page.locator(".dock a.main").filter({ hasText: "Go on with" });
    await goOn.waitFor();
    return goOn;
  };
  await ana.page.goBack();
  await goesOn();
  await ana.picture("door-resume");
  await ana.page.reload();
  await goesOn();
  await ana.close();
  await ana.open();
  await openDoor();
  await goesOn();
  const [first, second] = [ana.page, await ana.context.newPage()];
  ana.page = second;
  await second.setViewportSize(PHONE);
  await ana.go("/walk");
  await ana.button("Use it here").click();
  await openDoor();
  await tap(await goesOn());
  await ana.page.getByText(/^Question 2 of/).waitFor();
  await first.close();
  // Back to the first question: the answer is there.
  await tap(ana.page.locator("#back"));
  await ana.page.getByRole("radio", { checked: true }).waitFor();
});

test("finishing without answers says so, and another resident is a tab away with a place of their own", async () => {
  await tap(ana.page.locator("#clear"));
  const tabs = ana.page.getByRole("tab");
  await tap(tabs.nth(1));
  await ana.page.getByText(/^Question 1 of/).waitFor();
  await ana.page.locator("#back").waitFor({ state: "detached" });
  for (let n = 0; n < 6 && !(await ana.page.locator("#finish").isVisible()); n += 1) await tap(ana.page.locator("#talk-next"));
  await ana.page.locator("#finish").filter({ hasText: "Finish, no answers" }).waitFor();
  await ana.picture("talk-without-answers");
  await tap(tabs.nth(0));
  await ana.page.getByText(/^Question 1 of/).waitFor();
  await tap(ana.page.getByRole("radio").first());
  for (let n = 0; n < 6 && !(await ana.page.locator("#finish").isVisible()); n += 1) await tap(ana.page.locator("#talk-next"));
  await tap(ana.page.locator("#finish").filter({ hasText: "Finish" }));
  // Someone is left to meet: the door is shown, with the talk that is open still.
  await ana.page.waitForURL((url) => url.pathname.startsWith("/door/"));
  await residents().nth(0).getByText("Talked").first().waitFor();
  await residents().nth(1).getByText(/question \d of \d/).waitFor();
});

test("one of three moved: the card says so, the door stays to do for who is left, and the next door comes first", async () => {
  await openDoor();
  await tap(residents().nth(2).getByRole("button", { name: /^More about/ }));
  await dialog().waitFor();
  await ana.picture("person-more");
  await tap(dialog().locator("#more-moved"));
  await dialog().waitFor({ state: "detached" });
  await residents().nth(2).getByText("Moved away").waitFor();
  await residents().nth(2).locator("s").waitFor();
  await ana.page.locator(".dock").getByText(/Next door|Go on with/).first().waitFor();
  await ana.go("/walk");
  await ana.page.locator("ol.list.doors").first().waitFor();
  await ana.page.getByText("some talked").first().waitFor();
});

test("Back closes a sheet and leaves the page, and a tap beside it keeps what was typed", async () => {
  await openDoor();
  const path = new URL(ana.page.url()).pathname;
  await tap(ana.page.locator("#add-note"));
  await ana.page.locator("#note").fill("Side gate, ring twice");
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  assert.equal(new URL(ana.page.url()).pathname, path);
  await ana.page.getByText(/^Note, not finished/).waitFor();
  await tap(ana.page.locator("#add-note"));
  await ana.page.locator("#note").waitFor();
  assert.equal(await ana.page.locator("#note").inputValue(), "Side gate, ring twice");
  await ana.page.locator("#note").fill("Side gate, ring twice. Friendly dog");
  await rested();
  await ana.page.mouse.click(200, 12);
  await dialog().waitFor({ state: "detached" });
  await ana.page.reload();
  await ana.page.getByText(/^Note, not finished/).click();
  await ana.page.locator("#note").waitFor();
  await ana.page.waitForFunction(() => document.querySelector("#note").value.endsWith("Friendly dog"));
  await ana.picture("note");
  // Discarding asks nothing, can be undone, and a doubled tap neither saves nor brings back.
  await rested();
  const spot = await dialog().locator("#discard").boundingBox();
  for (let n = 0; n < 2; n += 1) await ana.page.mouse.click(spot.x + spot.width / 2, spot.y + spot.height / 2);
  await dialog().locator("#bring-back").waitFor();
  assert.equal(await ana.page.locator("#note").inputValue(), "");
  await tap(dialog().locator("#bring-back"));
  assert.match(await ana.page.locator("#note").inputValue(), /Friendly dog$/);
  await tap(dialog().locator("#note-save"));
  await dialog().waitFor({ state: "detached" });
  await ana.page.getByText(/^Note, not finished/).waitFor({ state: "detached" });
  await ana.page.locator(".door-note").getByText("Friendly dog").waitFor();
});

test("one's own note is changed and removed, and the removal is taken back", async () => {
  await openDoor();
  await tap(ana.page.locator("#add-note"));
  await tap(dialog().getByRole("button", { name: "Change the note" }).first());
  await ana.page.locator("#note").fill("Side gate");
  await tap(dialog().locator("#note-save"));
  await ana.page.locator(".door-note").getByText("Side gate", { exact: true }).waitFor();
  await tap(ana.page.locator("#add-note"));
  await tap(dialog().getByRole("button", { name: "Remove the note" }).first());
  await dialog().getByText("The note is removed.").waitFor();
  await tap(dialog().locator("#note-put-back"));
  await dialog().getByRole("button", { name: "Remove the note" }).first().waitFor();
  await tap(dialog().getByRole("button", { name: "Close", exact: true }));
});

test("a note that is being changed does not take the place of one that is being written", async () => {
  await openDoor();
  await tap(ana.page.locator("#add-note"));
  await ana.page.locator("#note").fill("Half a sentence");
  await tap(dialog().getByRole("button", { name: "Change the note" }).first());
  await ana.page.waitForFunction(() => document.querySelector("#note")?.value === "Side gate");
  await ana.page.locator("#note").fill("Side gate, on the left");
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  await ana.page.getByText("Change of a note, not finished").waitFor();
  await tap(ana.page.getByText(/^Note, not finished/));
  await ana.page.waitForFunction(() => document.querySelector("#note")?.value === "Half a sentence");
  await tap(dialog().locator("#discard"));
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  await tap(ana.page.getByText("Change of a note, not finished"));
  await ana.page.waitForFunction(() => document.querySelector("#note")?.value === "Side gate, on the left");
  await tap(dialog().locator("#note-save"));
  await dialog().waitFor({ state: "detached" });
  await ana.page.locator(".door-note").getByText("Side gate, on the left").waitFor();
  assert.equal(await ana.page.locator("section.half").getByText(/ote, not finished/).count(), 0);
});

test("a sheet opens from a sheet and stays, is for whom it was opened, and a doubled tap on what it shows records nothing", async () => {
  await openDoor();
  const before = await ana.page.locator(".history li").count();
  await tap(residents().nth(0).getByRole("button", { name: /^More about/ }));
  await tap(dialog().locator("#more-come-back"));
  await dialog().getByRole("radio", { name: /^After/ }).first().waitFor();
  // Nothing chosen: it says what to do.
  await tap(dialog().locator("#come-back-save"));
  await dialog().getByText("Choose when, or write what they said.").waitFor();
  const first = await dialog().locator(".seg [aria-checked=true]").textContent();
  await tap(dialog().getByRole("radio", { name: /^After/ }).first());
  await ana.picture("door-come-back");
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  await tap(residents().nth(1).getByRole("button", { name: /^More about/ }));
  await tap(dialog().locator("#more-come-back"));
  await dialog().getByText(`This was begun for ${first}.`).waitFor();
  const second = await dialog().locator(".seg [aria-checked=true]").textContent();
  assert.notEqual(second, first);
  await rested();
  const spot = await dialog().locator("#discard").boundingBox();
  for (let n = 0; n < 4; n += 1) await ana.page.mouse.click(spot.x + 20, spot.y + spot.height / 2);
  await dialog().locator("#bring-back").waitFor();
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  assert.equal(await ana.page.locator(".history li").count(), before);
  assert.equal(new URL(ana.page.url()).pathname, door);
});

test("on short phones each sheet shows whom the result is for, as large as under a thumb", async () => {
  try {
    for (const shape of [{ width: 320, height: 568 }, { width: 375, height: 667 }, { width: 390, height: 700 }]) {
      await ana.page.setViewportSize(shape);
      await openDoor();
      for (const open of ["#more-results", "#add-note"]) {
        await tap(ana.page.locator(open));
        const whom = dialog().locator(".seg").first();
        await whom.waitFor();
        const { y, height } = await whom.boundingBox();
        assert.ok(height >= 48, `${open} at ${shape.width}: ${height}`);
        const below = await whom.evaluate((seg) => [...seg.parentElement.children].slice([...seg.parentElement.children].indexOf(seg) + 1).map((part) => part.getBoundingClientRect().top));
        assert.ok(below.length > 0 && below.every((top) => top >= y + height), `${open} at ${shape.width}: ${below} under ${y + height}`);
        await ana.page.goBack();
        await dialog().waitFor({ state: "detached" });
      }
    }
  } finally {
    await ana.page.setViewportSize(PHONE);
  }
});

test("a talk that was begun by mistake is thrown away, and can be brought back", async () => {
  await openDoor();
  const half = ana.page.locator(".half-talk");
  const n = await half.count();
  assert.ok(n >= 1);
  await tap(half.first().getByRole("button", { name: /^Discard/ }));
  await ana.page.getByText("The talk is discarded.").waitFor();
  await ana.page.waitForFunction((left) => document.querySelectorAll(".half-talk").length === left, n - 1);
  await tap(ana.page.locator("#half-bring-back"));
  await ana.page.waitForFunction((left) => document.querySelectorAll(".half-talk").length === left, n);
});

test("a person half added waits at the door, and is talked with once they are", async () => {
  await openDoor();
  await tap(ana.page.locator("#add-person"));
  await ana.page.locator("#first").fill("رنا");
  await ana.page.reload();
  await ana.page.getByText("A person, not added yet").click();
  await ana.page.waitForFunction(() => document.querySelector("#first")?.value === "رنا");
  await ana.page.locator("#last").fill("Haddad");
  await ana.picture("add-person");
  await tap(dialog().locator("#add-save"));
  await ana.page.waitForURL((url) => url.pathname.startsWith("/talk/"));
  await ana.page.locator("h1 bdi").getByText("رنا Haddad").waitFor();
  await openDoor();
  await residents().filter({ hasText: "Haddad" }).getByText("Added at the door").waitFor();
});

/** Kills the page as it is and opens the browser again at the door. */
async function killed() {
  await ana.close();
  await ana.open();
  await openDoor();
}

const half = (words) => ana.page.locator("section.half").getByText(words).waitFor();

test("the first answer of a talk and the first letter of a note are kept on a page that is killed right after", async () => {
  await openDoor();
  await tap(residents().filter({ hasText: "Haddad" }).getByRole("link", { name: /^Talk with/ }));
  await ana.page.getByText(/^Question 1 of/).waitFor();
  assert.equal(await ana.page.title(), "Talk · Porchlight");
  await tap(ana.page.getByRole("radio").nth(1));
  await killed();
  await tap(residents().filter({ hasText: "Haddad" }).getByRole("link", { name: /^Go on with/ }));
  await ana.page.getByText(/^Question 1 of/).waitFor();
  assert.equal(await ana.page.getByRole("radio").nth(1).getAttribute("aria-checked"), "true");
  await openDoor();
  await tap(ana.page.locator("#add-note"));
  await ana.page.locator("#note").press("S");
  await dialog().locator("#discard").waitFor();
  await killed();
  await tap(ana.page.getByText(/^Note, not finished/));
  await ana.page.waitForFunction(() => document.querySelector("#note")?.value === "S");
});

test("a person being added and a danger half told survive Back, a reload, a killed page and another tab that takes over", async () => {
  await openDoor();
  await tap(ana.page.locator("#more-results"));
  await tap(dialog().locator("#more-danger"));
  await tap(dialog().getByRole("radio", { name: "Threats" }));
  await ana.page.locator("#danger-words").fill("Shouts");
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  await tap(ana.page.locator("#add-person"));
  await ana.page.locator("#first").fill("Zoe");
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  const bothWait = async () => {
    await half("A person, not added yet");
    await half("Danger, not marked yet");
  };
  await bothWait();
  await ana.page.reload();
  await bothWait();
  await killed();
  await bothWait();
  const [first, second] = [ana.page, await ana.context.newPage()];
  ana.page = second;
  await second.setViewportSize(PHONE);
  await ana.patient(second);
  await ana.go(door);
  await ana.button("Use it here").click();
  await bothWait();
  await tap(ana.page.getByText("A person, not added yet"));
  await ana.page.waitForFunction(() => document.querySelector("#first")?.value === "Zoe");
  await tap(dialog().locator("#discard"));
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  await tap(ana.page.getByText("Danger, not marked yet"));
  await ana.page.waitForFunction(() => document.querySelector("#danger-words")?.value === "Shouts");
  assert.equal(await dialog().getByRole("radio", { name: "Threats" }).getAttribute("aria-checked"), "true");
  await tap(dialog().locator("#discard"));
  await ana.page.goBack();
  await dialog().waitFor({ state: "detached" });
  await first.close();
});

test("who died is called so on their card, and is not asked for any more until it is taken back", async () => {
  await openDoor();
  const person = residents().nth(0);
  const name = await person.locator("h2 bdi").textContent();
  await tap(person.getByRole("button", { name: /^More about/ }));
  await tap(dialog().locator("#more-deceased"));
  await dialog().waitFor({ state: "detached" });
  await person.getByText("Deceased").waitFor();
  await person.locator("s").getByText(name).waitFor();
  assert.equal(await person.getByRole("link", { name: /^(Talk|Go on) with/ }).count(), 0);
  await ana.page.locator(".undo").getByText("has died").waitFor();
  await tap(person.getByRole("button", { name: /^Undo the result/ }));
  await person.locator("s").waitFor({ state: "detached" });
  await person.getByText("Deceased").waitFor({ state: "detached" });
});

test("nothing is cut off at 200 % and 310 % of text on the smallest phone", async () => {
  await ana.page.setViewportSize({ width: 320, height: 568 });
  for (const percent of [200, 310]) {
    for (const where of [door, new URL(await talkLink(), relay.url).pathname]) {
      await ana.go(where);
      await ana.page.locator("h1:not(.splash-name)").first().waitFor();
      await ana.page.locator(".dock").waitFor();
      await ana.page.evaluate((size) => (document.documentElement.style.fontSize = `${size}%`), percent);
      const wide = await ana.page.evaluate(() =>
        [...document.querySelectorAll("main *, .dock *, .head *")].filter((part) => part.getBoundingClientRect().right > innerWidth + 1).map((part) => `${part.tagName}.${part.className}`).slice(0, 5),
      );
      assert.deepEqual(wide, [], `${where} at ${percent} %`);
      const low = await ana.page.evaluate(() =>
        [...document.querySelectorAll(".dock .btn, article.res .btn, .opt")].filter((part) => part.offsetParent && part.getBoundingClientRect().height < 48).map((part) => part.textContent).slice(0, 5),
      );
      assert.deepEqual(low, [], `targets of ${where} at ${percent} %`);
      if (percent === 200) await ana.page.screenshot({ path: `target/artefacts/browser/small-200-${where.split("/")[1]}.png` });
    }
    await ana.go(door);
    await ana.page.locator("#add-person").waitFor();
    await ana.page.evaluate((size) => (document.documentElement.style.fontSize = `${size}%`), percent);
    for (const [id, name] of [["#add-note", "note"], ["#add-person", "person"], ["#more-results", "more"]]) {
      await rested();
      await ana.page.locator(id).scrollIntoViewIfNeeded();
      await ana.page.locator(id).click();
      await dialog().locator(".rest").waitFor();
      const cut = await ana.page.evaluate(() =>
        [...document.querySelectorAll("dialog[open] :is(.btn, .rest, h2, .li, small, label, p)")]
          .filter((part) => {
            const { display, fontSize } = getComputedStyle(part);
            // Letters may reach a little over their line; a line that does not fit is more than that.
            const isHigh = display !== "inline" && part.scrollHeight > part.clientHeight + 0.3 * parseFloat(fontSize);
            return part.offsetParent && (isHigh || part.getBoundingClientRect().right > innerWidth + 1);
          })
          .map((part) => `${part.tagName}.${part.className}: ${part.textContent.slice(0, 40)}`),
      );
      assert.deepEqual(cut, [], `the sheet ${name} at ${percent} %`);
      await ana.page.goBack();
      await dialog().waitFor({ state: "detached" });
    }
  }
  await ana.page.setViewportSize(PHONE);
});

async function talkLink() {
  await openDoor();
  return residents().getByRole("link", { name: /^(Talk|Go on) with/ }).first().getAttribute("href");
}

test("danger stands on top with its reason and who saw it, nothing is amber, and the talk is under the dots", async () => {
  await openDoor();
  await tap(ana.page.locator("#more-results"));
  await dialog().waitFor();
  await ana.picture("door-more");
  await tap(dialog().locator("#more-danger"));
  await tap(dialog().getByRole("radio", { name: "Loose dog" }));
  await ana.page.locator("#danger-words").fill("Gate open, bites");
  await ana.picture("door-danger-sheet");
  await tap(dialog().locator("#danger-save"));
  await dialog().waitFor({ state: "detached" });
  const banner = ana.page.locator(".banner").first();
  await banner.getByText("Loose dog. Gate open, bites").waitFor();
  await banner.getByText("Ana").waitFor();
  assert.equal(await ana.page.locator(".btn.main").count(), 0);
  assert.equal(await residents().getByRole("link", { name: /^Talk with/ }).count(), 0);
  await ana.picture("door-danger");
  await tap(residents().nth(1).getByRole("button", { name: /^More about/ }));
  await tap(dialog().locator("#more-talk"));
  // Also above the talk of who goes on all the same.
  await ana.page.waitForURL((url) => url.pathname.startsWith("/talk/"));
  await banner.getByText("Loose dog. Gate open, bites").waitFor();
  await ana.picture("talk-danger");
  await ana.page.goBack();
  await ana.page.waitForURL((url) => url.pathname === door);
  await tap(ana.page.locator("#no-danger"));
  await banner.waitFor({ state: "detached" });
});

test("a danger's reason stands in the list and in the dock, on the map, too, where nothing leads to a talk", async () => {
  await ana.go("/walk");
  const dock = ana.page.locator("#next");
  const path = await dock.locator(".top").getAttribute("href");
  await ana.go(path);
  await ana.page.locator("#more-results").waitFor();
  await tap(ana.page.locator("#more-results"));
  await tap(dialog().locator("#more-danger"));
  await tap(dialog().getByRole("radio", { name: "Broken steps" }));
  await tap(dialog().locator("#danger-save"));
  await dialog().waitFor({ state: "detached" });
  await ana.go("/walk");
  await dock.getByText("Broken steps").waitFor();
  await dock.locator("#skip").waitFor();
  await dock.getByRole("link", { name: "Read and open" }).waitFor();
  assert.equal(await dock.locator("a[href^='/talk/'], #not-home, .btn.main").count(), 0);
  const row = ana.page.locator(`ol.list.doors a[href='${path}']`);
  await row.getByText("Broken steps").waitFor();
  await row.getByText("do not knock").waitFor();
  await ana.go("/map");
  await dock.getByText("Broken steps").waitFor();
  assert.equal(await dock.locator("a[href^='/talk/'], #not-home, .btn.main").count(), 0);
  ana.assertCalm();
});
