// Loads the engine into its worker, and starts it with the page's first message. Messages wait in a queue until it can answer.
import init, { start } from "/porchlight_worker.js";

const died = (error) => {
  console.error(error);
  self.postMessage({ died: String(error) });
};
self.addEventListener("error", (event) => died(event.error ?? event.message));
self.addEventListener("unhandledrejection", (event) => died(event.reason));

const waiting = [];
const loaded = init({ module_or_path: "/porchlight_worker_bg.wasm" });
// The page may not listen yet: it hears of a failure when it asks.
loaded.catch(() => {});
self.onmessage = (event) => {
  if (waiting.push(event.data) === 1) loaded.then(() => start(waiting)).catch(died);
};
