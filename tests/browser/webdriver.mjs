// Programs driven by the WebDriver protocol: other browsers than Chromium, and the native window.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Builder, By, Capabilities, until } from "selenium-webdriver";

const require = createRequire(import.meta.url);
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const WAIT_MS = 30_000;

/** A port that is free at this moment. */
export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves once something listens at the port; a program that ended first is an error. */
async function listening(port, program) {
  let code = null;
  program.once("exit", (ended) => (code = ended));
  for (;;) {
    assert.equal(code, null, `the driver ended with ${code}`);
    const isOpen = await new Promise((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => socket.destroy());
      socket.once("connect", () => socket.end());
    });
    if (isOpen) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** One person's program, over data of their own. */
export class Driven {
  /** `pictures`: the folder of this program's pictures. */
  constructor(name, size, pictures) {
    Object.assign(this, { name, size, pictures: path.resolve("target/artefacts", pictures) });
  }

  /** Starts a driver that answers at a port, and through it the program with these capabilities. */
  async start(driver, port, words, capabilities, env = {}) {
    const onPath = (process.env.PATH ?? "").split(":").concat(path.join(os.homedir(), ".cargo/bin")).join(":");
    this.process = spawn(driver, words, {
      env: { ...process.env, PATH: onPath, LC_ALL: "C.UTF-8", ...env },
      stdio: ["ignore", "ignore", "inherit"],
      // A process group of its own: whatever it starts, the window too, ends with it (see `end`).
      detached: true,
    });
    process.once("exit", () => this.end());
    await listening(port, this.process);
    this.driver = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(new Capabilities(capabilities)).build();
    await this.driver.manage().window().setRect(this.size);
    return this;
  }

  async close() {
    await this.driver.quit();
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.end();
    await gone;
  }

  /**
   * Ends the driver and all that it started. WebKit's driver answers a quit before the window's program has gone; that
   * program, left alone, would hold this process's output open for ever.
   */
  end() {
    try {
      process.kill(-this.process.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }

  /** Waits for an element and gives it. */
  async see(selector) {
    const found = await this.driver.wait(until.elementLocated(By.css(selector)), WAIT_MS, `${this.name} waits for ${selector}`);
    return this.driver.wait(until.elementIsVisible(found), WAIT_MS, `${this.name} waits to see ${selector}`);
  }

  /** Waits for an element of this kind whose text has these words. */
  async says(kind, words) {
    const xpath = `//${kind}[contains(normalize-space(.), ${JSON.stringify(words)})]`;
    const found = await this.driver.wait(until.elementLocated(By.xpath(xpath)), WAIT_MS, `${this.name} waits for “${words}”`);
    return this.driver.wait(until.elementIsVisible(found), WAIT_MS, `${this.name} waits to see “${words}”`);
  }

  /** Presses what the locator finds; a page that was just drawn anew is looked at again. */
  async press(find) {
    await this.driver.wait(
      async () => {
        try {
          // What has just changed under a finger takes no tap.
          if (await this.driver.executeScript("return 'rests' in document.documentElement.dataset")) return false;
          const found = typeof find === "string" ? await this.see(find) : await find();
          await this.driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", found);
          await found.click();
          return true;
        } catch (error) {
          if (["StaleElementReferenceError", "ElementClickInterceptedError"].includes(error.name)) return false;
          throw error;
        }
      },
      WAIT_MS,
      `${this.name} presses ${find}`,
    );
  }

  /** Presses what records a result, and waits until the strip has it as the last act. */
  async recorded(find) {
    // A browser's clock may lag some milliseconds; two acts are never so close.
    const before = Date.now() - 300;
    await this.press(find);
    const script = "return Number(document.querySelector('.undo')?.dataset.last) >= arguments[0]";
    await this.driver.wait(() => this.driver.executeScript(script, before), WAIT_MS, `${this.name} has recorded ${find}`);
  }

  async pressButton(words) {
    await this.press(() => this.says("button", words));
  }

  async pressLink(words) {
    await this.press(() => this.says("a", words));
  }

  async type(selector, text) {
    const field = await this.see(selector);
    await field.clear();
    await field.sendKeys(text);
  }

  /** Takes a picture, and asks axe what is wrong with it: nothing may be. */
  async picture(name) {
    fs.mkdirSync(this.pictures, { recursive: true });
    await this.see("h1:not(.splash-name)");
    await this.driver.wait(() => this.driver.executeScript("return !document.querySelector('.map-canvas:not([data-idle])')"), WAIT_MS, "the map");
    fs.writeFileSync(path.join(this.pictures, `${name}.png`), await this.driver.takeScreenshot(), "base64");
    await this.driver.executeScript(AXE);
    const told = await this.driver.executeAsyncScript(`
      const done = arguments[0];
      axe.run(document, { resultTypes: ["violations"] }).then(
        (found) => done(found.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | "))),
        (error) => done([String(error)]),
      );`);
    assert.deepEqual(told, [], `axe on ${name}`);
  }
}
