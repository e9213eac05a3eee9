// Real parts for the browser tests: the relay's process, Debian's Chromium with a profile for each person, axe, pictures.
import assert from "node:assert/strict";
import { spawn, execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = path.resolve("target/artefacts/browser");
/** Where the programs are that the tests start. */
export const PROGRAMS = path.resolve(process.env.PORCHLIGHT_PROGRAMS ?? "target/debug");
export const PHONE = { width: 390, height: 844 };
export const SMALL = { width: 320, height: 568 };
export const DESK = { width: 1280, height: 800 };

/** What is running and which folders were made: nothing of it outlives the tests. */
const running = new Set();
const folders = [];
process.once("exit", () => {
  for (const started of running) started.kill("SIGKILL");
  for (const made of folders) fs.rmSync(made, { recursive: true, force: true });
});

/** A folder that is removed when the tests end. */
export function folder() {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "porchlight-"));
  folders.push(made);
  return made;
}

/** One of our programs, started; what it prints can be read, and with `input` it can be written to. */
export function program(name, words, { input = "ignore", env = process.env } = {}) {
  const started = spawn(path.join(PROGRAMS, name), words, { stdio: [input, "pipe", "inherit"], env });
  running.add(started);
  started.once("exit", () => running.delete(started));
  return started;
}

/** A relay process, which can be killed and started again at the same address over the same data. */
export class Relay {
  /** `web`: the folder of the app that it serves. */
  constructor(data, web = "target/web-app") {
    this.data = data;
    this.web = web;
    this.listen = "127.0.0.1:0";
  }

  async start() {
    const words = ["--listen", this.listen, "--data", this.data, "--web", this.web];
    this.process = program("porchlight-relay", words, { env: { ...process.env, RUST_LOG: "warn" } });
    for await (const line of readline.createInterface({ input: this.process.stdout })) {
      if (line.startsWith("listening on ")) {
        this.url = line.slice("listening on ".length).trim();
        this.listen = this.url.replace("http://", "");
        return this;
      }
    }
    throw new Error("the relay did not start");
  }

  async kill() {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await gone;
  }

  /** A founder's invite link. */
  founding() {
    const said = execFileSync(
      path.join(PROGRAMS, "porchlight-relay"),
      ["invite", "--found", "--url", this.url, "--data", this.data],
      { env: { ...process.env, RUST_LOG: "warn" }, encoding: "utf8" },
    );
    return said.split(/\s+/).find((word) => word.includes("/join#"));
  }
}

/** The invented town's files: streets, addresses, voters. */
export function town(into, nDoors) {
  execFileSync(path.join(PROGRAMS, "porchlight-town"), ["--out", into, "--doors", String(nDoors)], { stdio: "inherit" });
  return ["streets.geojson", "addresses.csv", "voters.txt"].map((name) => path.join(into, name));
}

/** Fills a relay with an invented town, and gives one invite link for each role. */
export function demo(relay, nDoors, doorsPerTurf) {
  const words = ["--found", relay.founding(), "--folder", folder(), "--doors", String(nDoors), "--doors-per-turf", String(doorsPerTurf)];
  const said = execFileSync(path.join(PROGRAMS, "porchlight-demo"), words, { encoding: "utf8" });
  const pairs = said.split("\n").map((line) => line.split("\t"));
  return Object.fromEntries(pairs.filter((pair) => pair.length === 2));
}

/** Set where a test runs on a network of its own. */
const ALONE = "PORCHLIGHT_ALONE";
/** This machine's address on that network. */
export const ADDRESS = "192.168.77.1";
/** The address of IPv6 that it may be given there. */
export const IPV6 = "fd00:77::1";
/** Whether this is the run on a network of its own. */
export const isAlone = process.env[ALONE] !== undefined;

/** Runs a file of tests on a network of its own, which has this machine alone and no way out: there is no internet there. */
export function alone(file) {
  const words = [
    `ip link set lo up && ip link add porch0 type veth peer name porch1 && ip addr add ${ADDRESS}/24 dev porch0`,
    // An address of IPv6 that comes a second later would be a change of the network under the page.
    "{ echo 1 > /proc/sys/net/ipv6/conf/porch0/disable_ipv6; echo 1 > /proc/sys/net/ipv6/conf/porch1/disable_ipv6; ip link set porch0 up && ip link set porch1 up; }",
    `exec ${process.execPath} --test --test-reporter=spec ${file}`,
  ];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const ran = spawnSync("unshare", ["-rn", "sh", "-c", words.join(" && ")], { env: { ...env, [ALONE]: "1" }, encoding: "utf8" });
  console.log(ran.stdout);
  assert.equal(ran.status, 0, ran.stderr);
}

/** Gives an interface of that network an address. */
export function giveIpv4(to, address) {
  execFileSync("ip", ["addr", "add", `${address}/24`, "dev", to]);
}

/** Takes one away. */
export function takeIpv4(from, address) {
  execFileSync("ip", ["addr", "del", `${address}/24`, "dev", from]);
}

/** Gives one of IPv6, at once: without the second in which the system looks who else has it. */
export function giveIpv6(to, address) {
  fs.writeFileSync(`/proc/sys/net/ipv6/conf/${to}/disable_ipv6`, "0");
  execFileSync("ip", ["addr", "add", `${address}/64`, "dev", to, "nodad"]);
}

/** Waits until something gives what is true, and gives that. */
export async function until(ask) {
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A device as a process of its own, asked by calls; as a hub it is found at a place: an address with a port, or "network" for all of this machine's. */
export class Device {
  constructor(name, kept, place = "127.0.0.1:0") {
    this.process = program("porchlight-phone", [name, kept, place], { input: "pipe" });
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async ask(call) {
    this.process.stdin.write(`${JSON.stringify(call)}\n`);
    const { value } = await this.lines.next();
    const { ok, err } = JSON.parse(value);
    assert.equal(err, undefined, value);
    return ok;
  }

  async kill() {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await gone;
  }
}

/** The controls of the page that are in sight and have something else in front of their middle. What is scrolled away is not in sight. */
function covered() {
  const isScrolledAway = (control, x, y) => {
    for (let box = control.parentElement; box; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const area = box.getBoundingClientRect();
      if ([overflowX, overflowY].some((kind) => kind !== "visible") && (x < area.left || x > area.right || y < area.top || y > area.bottom)) return true;
    }
    return false;
  };
  const controls = [...document.querySelectorAll("button, a[href], input, select")].filter((one) => one.checkVisibility() && !one.matches(".skip"));
  const told = controls.flatMap((control) => {
    const area = control.getBoundingClientRect();
    const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
    if (isScrolledAway(control, x, y)) return [];
    const there = document.elementFromPoint(x, y);
    return control.contains(there) ? [] : [`${control.id || control.className || control.textContent} is under ${there?.id || there?.className}`];
  });
  return { n: controls.length, told };
}

/** One person with one browser profile. */
export class Person {
  /** `graphics`: draw by an emulated graphics card, which maps need; without, Chromium paints as it does on a machine that has none. */
  constructor(name, viewport, relay, graphics = true) {
    Object.assign(this, { name, viewport, relay, graphics, profile: folder(), troubles: [], said: [] });
  }

  /** Opens the browser, or opens it again on the same profile. */
  async open() {
    const drawing = this.graphics ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"] : ["--disable-gpu"];
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath: "/usr/bin/chromium",
      viewport: this.viewport,
      locale: "en-US",
      acceptDownloads: true,
      hasTouch: this.hasTouch ?? false,
      javaScriptEnabled: this.hasScripts ?? true,
      args: ["--no-sandbox", "--disable-background-networking", ...drawing],
    });
    this.context.setDefaultTimeout(30_000);
    // Chromium would ask where to save, in a window of the system that no test can answer; as where there is no such window, it downloads.
    await this.context.addInitScript(() => delete globalThis.showSaveFilePicker);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    await this.patient(this.page);
    this.page.on("pageerror", (error) => this.troubles.push(`${error}`));
    this.page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) this.said.push(message.text());
      if (message.text().includes("Content Security Policy")) this.troubles.push(message.text());
    });
    this.context.on("request", (request) => {
      const url = new URL(request.url());
      const isOurs = ["blob:", "data:", "about:", "chrome:"].includes(url.protocol) || url.origin === this.relay.url;
      if (!isOurs) this.troubles.push(`a request left for ${url.origin}`);
    });
    return this;
  }

  /** Lets Playwright wait, before it acts, until nothing on the page rests: what has just changed under a finger takes no tap. */
  async patient(page) {
    // Going somewhere while the browser still leaves a closed sheet's entry of the history would cancel one of the two.
    for (const act of this.hasScripts ?? true ? ["goto", "reload", "goBack"] : []) {
      const go = page[act].bind(page);
      page[act] = async (...how) => {
        await page.waitForFunction(() => document.querySelector("dialog[open]") || !`${history.state}`.startsWith("sheet-"));
        // On a machine that is busy the browser may still be leaving it when the page has left it already, and then drops what is asked of it.
        return go(...how).catch((error) => {
          if (!`${error}`.includes("ERR_ABORTED")) throw error;
          return go(...how);
        });
      };
    }
    const resting = page.locator("html[data-rests]");
    await page.addLocatorHandler(resting, () => page.waitForFunction(() => !("rests" in document.documentElement.dataset)), { noWaitAfter: true });
  }

  async close() {
    await this.context.close();
  }

  async go(where) {
    await this.page.goto(new URL(where, this.relay.url).href);
  }

  /** Follows an invite and joins under this person's name. */
  async join(link, campaign) {
    await this.go(link);
    // An invite's secret leaves the address at once.
    await this.page.waitForURL((url) => !url.hash);
    if (campaign) await this.page.getByLabel("Name of the campaign").fill(campaign);
    await this.page.getByLabel("Your name").fill(this.name);
    await this.picture(`join-${this.name}`);
    await this.page.getByRole("button", { name: campaign ? "Found the campaign" : "Join", exact: true }).click();
    await this.page.waitForURL((url) => !url.pathname.startsWith("/join"));
    // Whoever belongs to the office starts there: it is brought once, and then the page loads anew.
    if (this.waitsForOffice ?? true) await this.page.locator("h1:not(.splash-name)").filter({ hasNotText: "Getting the office" }).first().waitFor();
  }

  /** Waits until this device's service worker keeps the whole app. */
  async kept() {
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await this.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  }

  button(name, exact = true) {
    return this.page.getByRole("button", name instanceof RegExp ? { name } : { name, exact });
  }

  link(name, exact = true) {
    return this.page.getByRole("link", name instanceof RegExp ? { name } : { name, exact });
  }

  /** Shows the whole list in walking order, done doors too. */
  async wholeList() {
    await this.go("/walk");
    await this.page.locator("#find").click();
    await this.page.locator("#find-text").waitFor();
  }

  /** Opens the house at a place of the list whose people are on the file. */
  async openHouse(at) {
    await this.wholeList();
    await this.page.locator("ol.list a[href^='/door/']").nth(at).click();
    await this.page.locator("#add-note").waitFor();
  }

  /** Does something that records a result, and waits until the strip has it as the last act. */
  async recorded(press) {
    // A browser's clock may lag some milliseconds; two acts are never so close.
    const before = Date.now() - 300;
    await press();
    await this.page.waitForFunction((since) => Number(document.querySelector(".undo")?.dataset.last) >= since, before, { polling: 50 });
  }

  /** Records that nobody was home at a house. */
  async notHome(at) {
    await this.openHouse(at);
    await this.recorded(() => this.page.locator("#not-home").click());
  }

  /** How many doors of the turf have a mark. */
  async marked(mark) {
    await this.wholeList();
    await this.page.locator("ol.list.doors li").first().waitFor();
    return this.page.locator(`ol.list.doors [data-mark='${mark}']`).count();
  }

  /** Syncs now, and waits until nothing is held. */
  async sync() {
    await this.go("/me");
    const button = this.button("Sync now");
    await button.click();
    await this.page.getByText(/^Everything recorded on this/).waitFor();
    await button.and(this.page.locator(":enabled")).waitFor();
  }

  /** Waits until the map, where there is one, is drawn in the page's scheme; says what is wrong with one that never is. */
  async mapRests() {
    const rests = () => {
      const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      return !document.querySelector(`.map-canvas:not([data-idle="${scheme}"])`);
    };
    // Asked by the clock: a page that draws no frames could not be asked by its frames.
    await this.page.waitForFunction(rests, null, { polling: 100 }).catch(async (cause) => {
      const what = await this.page.evaluate(async () => ({
        failed: document.querySelector(".map-failed")?.textContent,
        library: "maplibregl" in globalThis,
        loaded: globalThis.__porchMap?.loaded(),
        moving: globalThis.__porchMap?.isMoving(),
        lost: document.querySelector("canvas.maplibregl-canvas")?.getContext("webgl2")?.isContextLost(),
        frames: await Promise.race([
          new Promise((resolve) => requestAnimationFrame(() => resolve(true))),
          new Promise((resolve) => setTimeout(resolve, 2000, false)),
        ]),
      }));
      throw new Error(`the map is not drawn: ${JSON.stringify(what)}; the page said ${JSON.stringify(this.said)}`, { cause });
    });
  }

  /** Takes the page's picture in light and dark and asks axe what is wrong with it: nothing may be. */
  async picture(name) {
    fs.mkdirSync(PICTURES, { recursive: true });
    await this.page.locator("h1:not(.splash-name)").first().waitFor();
    const shape = this.viewport.width < 700 ? "phone" : "desk";
    for (const scheme of ["light", "dark"]) {
      await this.page.emulateMedia({ colorScheme: scheme });
      await this.mapRests();
      await this.page.screenshot({ path: path.join(PICTURES, `${name}-${shape}-${scheme}.png`), caret: "initial" });
      await this.page.evaluate(AXE);
      const found = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      const told = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ")}`);
      assert.deepEqual(told, [], `axe on ${name}, ${shape}, ${scheme}`);
    }
    await this.page.emulateMedia({ colorScheme: "light" });
  }

  /** Nothing covers a control of the page that is open, on a usual phone and on the smallest. */
  async assertClear(what) {
    for (const size of [SMALL, PHONE]) {
      await this.page.setViewportSize(size);
      await this.page.waitForFunction((width) => innerWidth === width, size.width);
      const { n, told } = await this.page.evaluate(covered);
      assert.ok(n > 8, `${what}: ${n} controls`);
      assert.deepEqual(told, [], `${what} at ${size.width} px`);
    }
  }

  /** Nothing went wrong unseen, and nothing was asked of any other machine. */
  assertCalm() {
    assert.deepEqual(this.troubles, [], this.name);
  }
}
