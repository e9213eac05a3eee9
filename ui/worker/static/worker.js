// Loads the engine beside it, the field's or the office's, into its worker, and starts it with the page's first message. Messages are queued until it is ready.
import init, { start } from "./porchlight_worker.js";

const died = (error) => {
  console.error(error);
  self.postMessage({ died: String(error) });
};
self.addEventListener("error", (event) => died(event.error ?? event.message));
self.addEventListener("unhandledrejection", (event) => died(event.reason));

const waiting = [];
const loaded = init({ module_or_path: new URL("./porchlight_worker_bg.wasm", import.meta.url) });
// The page may not listen yet: it learns of a failure with its first request.
loaded.catch(() => {});
self.onmessage = (event) => {
  if (waiting.push(event.data) === 1) loaded.then(() => start(waiting)).catch(died);
};

// Requests to a hub go through the page, which alone can reach it (ui/static/hub.js).
const asked = new Map();
let last = 0;
self.addEventListener("message", ({ data: { hub } }) => {
  asked.get(hub?.id)?.(hub);
  asked.delete(hub?.id);
});
const { fetch } = self;
self.fetch = async (...words) => {
  const request = new Request(...words);
  const { url, method, headers, signal } = request;
  if (!url.startsWith("https://hub.invalid/")) return fetch(request);
  const body = await request.arrayBuffer();
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const id = ++last;
    asked.set(id, ({ error, status, headers, body }) =>
      error
        ? reject(new TypeError(error))
        : // As in any response: the engine reads the URL that it came from.
          resolve(Object.defineProperty(new Response(body.byteLength ? body : null, { status, headers }), "url", { value: url })),
    );
    signal.addEventListener("abort", () => asked.delete(id) && reject(signal.reason));
    self.postMessage({ hub: { id, url, method, headers: Object.fromEntries(headers), body } }, [body]);
  });
};
