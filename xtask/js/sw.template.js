// Keeps the whole app on this device, so that it starts without signal. The list is written by the build.
//
// One cache for each version: a version is used whole or not at all, and waits until the person takes it.
const VERSION = "%VERSION%";
const FILES = ["%FILES%"];
const CACHE = `porchlight-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(FILES.map((path) => new Request(path, { cache: "no-cache" })))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOurs = event.request.method === "GET" && url.origin === self.location.origin;
  // What the relay answers is never kept here: results live in the database, not in a cache.
  if (!isOurs || url.pathname.startsWith("/v1/") || url.pathname === "/metrics" || url.pathname === "/healthz") return;
  const wanted = event.request.mode === "navigate" ? "/index.html" : url.pathname;
  event.respondWith(
    caches
      .open(CACHE)
      .then((cache) => cache.match(wanted))
      .then((kept) => kept ?? fetch(event.request)),
  );
});
