// The native window, driven for real: tauri-driver over WebKit's driver, on whatever screen is there.
import path from "node:path";
import { Driven, freePort } from "../browser/webdriver.mjs";

const PROGRAM = path.resolve("target/debug/porchlight");

/** One person's native window over a data folder of their own. */
export class Window extends Driven {
  constructor(name, data, size) {
    super(name, size, "window");
    this.data = data;
  }

  /** Opens the window, or opens it again on the same data. */
  async open() {
    const [port, nativePort] = [await freePort(), await freePort()];
    const words = ["--port", String(port), "--native-port", String(nativePort)];
    const capabilities = { browserName: "wry", "tauri:options": { application: PROGRAM } };
    return this.start("tauri-driver", port, words, capabilities, { PORCHLIGHT_DATA: this.data });
  }

  /** Goes to a place of the app as its router does; the window has no address bar. */
  async go(where) {
    await this.driver.executeScript("history.pushState(null, '', arguments[0]); dispatchEvent(new PopStateEvent('popstate'));", where);
  }
}
