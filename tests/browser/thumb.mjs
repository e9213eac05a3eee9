// A thumb, as it taps in the rain: now and then twice, 80 to 400 ms apart, on a phone that may be six times slower. What it means
// and what comes of it are counted; the acts of the door are the twelve commonest.
import assert from "node:assert/strict";

/** Numbers from a seed, from 0 to 1: the same thumb each time (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How often of a hundred the thumb does what: taps once, twice, a burst, or a program clicks twice within 15 ms. */
const MANNERS = [[52, "once"], [38, "twice"], [6, "burst"], [4, "program"]];

export class Thumb {
  constructor(person, seed) {
    Object.assign(this, { person, page: person.page, roll: dice(seed), nTaps: 0 });
  }

  pick(of) {
    let at = this.roll() * of.reduce((sum, [share]) => sum + share, 0);
    for (const [share, what] of of) {
      at -= share;
      if (at < 0) return what;
    }
    return of[0][1];
  }

  /** Milliseconds between two taps. */
  gap() {
    return 80 + Math.round(this.roll() * 320);
  }

  /** Milliseconds between two taps that no one means as two, even where each tap goes one step further. */
  quickGap() {
    return 80 + Math.round(this.roll() * 200);
  }

  /** Taps a control where it is now, and perhaps again where that was; `quick` is a double tap that no one means as two: under Undo, 300 ms apart are two. */
  async tap(selector, { manner = this.pick(MANNERS), nth = 0 } = {}) {
    const control = this.page.locator(selector).nth(nth);
    this.last = [selector, manner];
    await control.waitFor();
    // A person waits until what they see is there and no longer rests.
    await this.page.waitForFunction(() => !("rests" in document.documentElement.dataset), null, { polling: 20 });
    await control.evaluate((element) => element.scrollIntoView({ block: "nearest" }));
    const box = await control.boundingBox();
    const x = box.x + box.width * (0.25 + this.roll() * 0.5);
    const y = box.y + box.height * (0.25 + this.roll() * 0.5);
    if (manner === "program") {
      this.nTaps += 2;
      await control.evaluate((element) => {
        element.click();
        // What has left the page by then cannot be pressed.
        return new Promise((done) => setTimeout(() => done(element.isConnected && element.click()), 15));
      });
      return;
    }
    const nTaps = { once: 1, twice: 2, quick: 2, burst: 5 }[manner];
    // A thumb does not wait until a slow phone has heard it.
    const taps = [];
    for (let n = 0; n < nTaps; n += 1) {
      if (n > 0) await new Promise((resolve) => setTimeout(resolve, { twice: this.gap(), quick: this.quickGap() }[manner] ?? 100));
      this.nTaps += 1;
      // The finger of the second tap has moved a little.
      taps.push(this.page.touchscreen.tap(x + (this.roll() - 0.5) * 16, y + (this.roll() - 0.5) * 16));
    }
    await Promise.all(taps);
  }

  /** Waits until the phone has come to rest: what was tapped is done, and drawn. */
  async settled() {
    await this.page.waitForFunction(
      () => !("rests" in document.documentElement.dataset) && !document.querySelector(".loading") && !document.querySelector("#next [aria-disabled]"),
      null,
      { polling: 20 },
    );
  }
}

/** Taps the middle of a control twice, so many milliseconds apart, wherever that leads, and waits until both taps fell and the page rests. */
export async function twice(page, control, gap) {
  await control.waitFor();
  await page.waitForFunction(() => !("rests" in document.documentElement.dataset), null, { polling: 20 });
  await control.evaluate((element) => element.scrollIntoView({ block: "nearest" }));
  const box = await control.boundingBox();
  const tap = () => page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => {
    globalThis.nDown = 0;
    globalThis.countDown ??= (addEventListener("pointerdown", () => (globalThis.nDown += 1), true), true);
  });
  await Promise.all([tap(), new Promise((resolve) => setTimeout(resolve, gap)).then(tap)]);
  // Both fell on this page, and what they began has come to rest.
  await page.waitForFunction(() => globalThis.nDown === 2, null, { polling: 20 });
  await page.waitForFunction(() => !("rests" in document.documentElement.dataset) && !document.querySelector(".loading"), null, { polling: 20 });
}

/** That every door has the mark, the number of entries and what was said there, as it was meant, and no other door has any. */
export function assertSame(found, meant) {
  const lines = (doors) => [...doors].map(([door, { mark, n, told = [] }]) => `${door}: ${mark}, ${n}${told.toSorted().map((one) => `; ${one}`).join("")}`).sort();
  assert.deepEqual(lines(found), lines(meant));
}
