// Starts the engine in its worker. Messages that come before it is ready wait in a queue.
import init, { start } from "/porchlight_worker.js";

const waiting = [];
self.onmessage = (event) => waiting.push(event.data);

const died = (error) => {
  console.error(error);
  self.postMessage({ died: String(error) });
};
self.addEventListener("error", (event) => died(event.error ?? event.message));
self.addEventListener("unhandledrejection", (event) => died(event.reason));

init({ module_or_path: "/porchlight_worker_bg.wasm" }).then(() => start(waiting)).catch(died);
