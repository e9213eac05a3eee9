// What a canvasser records in a shift, by whatever drives the program.
import { By } from "selenium-webdriver";

/** Opens the house at a place of the list whose people are on the file. */
async function openHouse(ana, at) {
  await ana.go("/walk");
  await ana.press("#find");
  await ana.see("#find-text");
  await ana.press(async () => (await ana.driver.findElements(By.css("ol.list a[href^='/door/']")))[at]);
  await ana.see("#add-note");
}

/** A talk with a note, nobody home, a refusal, a mistap taken back, a person. */
export async function recordShift(ana) {
  await openHouse(ana, 0);
  await ana.picture("door");
  await ana.press("a[aria-label^='Talk with']");
  await ana.pressButton("Strongly yes");
  for (let n = 0; n < 4 && !(await ana.driver.findElements(By.css("#finish"))).length; n += 1) await ana.press("#talk-next");
  await ana.pressButton("Add a note");
  await ana.type("#talk-note", "Worried about the cost");
  await ana.picture("talk");
  await ana.press("#finish");
  await ana.says("*", "Talked with");

  await openHouse(ana, 1);
  await ana.recorded("#not-home");
  await openHouse(ana, 2);
  await ana.recorded("#refused");
  await openHouse(ana, 3);
  await ana.recorded("#not-home");
  await ana.press("#undo");
  await ana.says("*", "aken back");
  await openHouse(ana, 3);
  await ana.pressButton("Add a person");
  await ana.type("#first", "Nell");
  await ana.type("#last", "Fairlamp");
  await ana.picture("add-person");
  await ana.pressButton("Add and talk");
  await ana.says("*[self::h1 or self::h2 or self::h3]", "Nell Fairlamp");
  await ana.go("/me");
  await ana.picture("me-offline");
}
