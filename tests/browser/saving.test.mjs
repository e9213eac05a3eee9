// Giving a file to a person: it is called saved only where that is known, and a browser that drops files says so and what to do instead.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, Person, Relay, demo, folder } from "./harness.mjs";

const INSIDE_AN_APP = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Version/4.0 Chrome/137.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/500.0;]";

let relay, ana, devtools, downloads;

before(async () => {
  relay = await new Relay(folder()).start();
  const links = demo(relay, 60, 60);
  ana = await new Person("Ana", PHONE, relay, false).open();
  // What this machine's Chromium has not: the sheet of a phone, and the window that asks where to save. Each answers as the person would.
  await ana.context.addInitScript(() => {
    const refuse = (name) => Promise.reject(new DOMException("as a person or a browser would", name));
    globalThis.shared = [];
    globalThis.written = [];
    const answers = () => JSON.parse(sessionStorage.answers ?? "[]");
    const next = () => {
      const [first, ...rest] = answers();
      sessionStorage.answers = JSON.stringify(rest);
      return first;
    };
    if (sessionStorage.has === "sheet") {
      Object.assign(navigator, {
        canShare: ({ files }) => files.length === 1,
        share: async ({ files }) => {
          const answer = next();
          if (answer !== "yes") return refuse(answer);
          shared.push({ name: files[0].name, text: await files[0].text() });
        },
      });
    }
    if (sessionStorage.has === "window") {
      globalThis.showSaveFilePicker = async ({ suggestedName }) => {
        const answer = next();
        if (answer !== "yes" && answer !== "QuotaExceededError") return refuse(answer);
        return {
          name: `kept-${suggestedName}`,
          createWritable: async () => ({
            write: async (file) => void written.push(await file.text()),
            close: () => (answer === "yes" ? Promise.resolve() : refuse(answer)),
          }),
        };
      };
    }
  });
  await ana.join(links.canvasser);
  await ana.page.locator("#next").waitFor();
  devtools = await ana.context.newCDPSession(ana.page);
  downloads = 0;
  ana.page.on("download", () => (downloads += 1));
  await ana.context.setOffline(true);
  await ana.notHome(0);
});

after(async () => {
  await ana?.context?.close();
  await relay?.kill();
});

/** Opens the end of the shift in a browser that has this, answers this, and calls itself so; and hands the results over. */
async function handOver({ has = "", answers = [], agent = "" } = {}) {
  await devtools.send("Emulation.setUserAgentOverride", { userAgent: agent || (await ana.page.evaluate(() => navigator.userAgent)) });
  await ana.page.evaluate(([has, answers]) => Object.assign(sessionStorage, { has, answers }), [has, JSON.stringify(answers)]);
  await ana.go("/me");
  await ana.page.locator("a[href='/shift']").first().click();
  await ana.button("Hand over as a file").click();
}

const says = (text) => ana.page.locator(".content").getByText(text).first().waitFor();

test("where a browser takes the file and tells nothing, the person is told where to look", async () => {
  await ana.context.setOffline(true);
  const download = ana.page.waitForEvent("download");
  await handOver();
  await download;
  await says(/was handed to this browser’s downloads: check there/);
  assert.equal(await ana.page.getByText(/^The results are in/).count(), 0);
});

test("where a window asks where to save, it is called saved once it is written, and only then", async () => {
  downloads = 0;
  await handOver({ has: "window", answers: ["yes"] });
  await says(/^The results are in kept-.*\.json/);
  assert.equal((await ana.page.evaluate(() => written)).length, 1);
  await handOver({ has: "window", answers: ["AbortError"] });
  await says("Nothing was saved.");
  await handOver({ has: "window", answers: ["QuotaExceededError"] });
  await says(/^The file could not be saved/);
  assert.equal(downloads, 0);
});

test("an app that shows pages inside of itself and drops files is not called a place where results are", async () => {
  downloads = 0;
  await handOver({ agent: INSIDE_AN_APP });
  await ana.page.getByRole("heading", { name: "This browser cannot save files" }).waitFor();
  await says(/Everything is still on this device/);
  await ana.picture("save-cannot");
  assert.equal(downloads, 0);
  assert.equal(await ana.page.getByText(/^The results are in|was handed/).count(), 0);
  await ana.button("Close").first().click();
});

test("a phone's sheet is used where there is one, and what the person did there is what is said", async () => {
  downloads = 0;
  await handOver({ has: "sheet", answers: ["yes"], agent: INSIDE_AN_APP });
  await says(/was handed to the app that you chose/);
  const [sent] = await ana.page.evaluate(() => shared);
  assert.match(sent.name, /\.json$/);
  assert.ok(JSON.parse(sent.text));
  await handOver({ has: "sheet", answers: ["AbortError"], agent: INSIDE_AN_APP });
  await says("Nothing was saved.");
  // Too long has passed since the tap: one more is asked for, and goes through.
  await handOver({ has: "sheet", answers: ["NotAllowedError", "yes"], agent: INSIDE_AN_APP });
  await ana.page.getByRole("heading", { name: "The file is ready" }).waitFor();
  await ana.picture("save-ready");
  await ana.page.locator("#save-ready").click();
  await says(/was handed to the app that you chose/);
  assert.equal((await ana.page.evaluate(() => shared)).length, 1);
  // A page that may not, tap or no tap.
  await handOver({ has: "sheet", answers: ["NotAllowedError", "NotAllowedError"], agent: INSIDE_AN_APP });
  await ana.page.locator("#save-ready").click();
  await ana.page.getByRole("heading", { name: "This browser cannot save files" }).waitFor();
  assert.equal(downloads, 0);
  ana.assertCalm();
});
