// Firefox, driven by its own driver.
import { Driven, freePort } from "./webdriver.mjs";
import { folder } from "./harness.mjs";

/** One person's Firefox with a profile of its own. */
export class Firefox extends Driven {
  constructor(name, size, relay) {
    super(name, size, "firefox");
    Object.assign(this, { relay, profile: folder() });
  }

  /** Opens the browser, or opens it again on the same profile. */
  async open() {
    const port = await freePort();
    // Its parts talk over ports, too: each browser has its own.
    const words = ["geckodriver", "--port", String(port), "--websocket-port", String(await freePort()), "--log", "error"];
    const options = { binary: "/usr/bin/firefox-esr", args: ["-profile", this.profile] };
    // On a screen of its own: without one Firefox draws no map.
    const screen = ["-a", "-s", "-screen 0 1280x1024x24"];
    return this.start("xvfb-run", port, [...screen, ...words], { browserName: "firefox", "moz:firefoxOptions": options });
  }

  async go(where) {
    await this.driver.get(new URL(where, this.relay.url).href);
  }

  /** Follows an invite and joins under this person's name. */
  async join(link) {
    await this.go(link);
    await this.type("#join-name", this.name);
    await this.pressButton("Join");
    await this.see("#next");
  }

  /** Waits until this device's service worker keeps the whole app. */
  async kept() {
    const ask = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true));";
    await this.driver.executeAsyncScript(ask);
    await this.driver.wait(() => this.driver.executeScript("return navigator.serviceWorker.controller !== null"), 30_000);
  }
}
