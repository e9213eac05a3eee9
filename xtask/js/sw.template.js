// Keeps the whole app on this device, so that it starts without signal. The list is written by the build.
//
// One cache for each version: a version is used whole or not at all, and waits until the person takes it.
// Files by path, with their bytes and SHA-256. The office's are the second download, kept once somebody has opened the office here.
const VERSION = "%VERSION%";
const FIELD = "%FIELD%";
const OFFICE = "%OFFICE%";
const CACHE = `porchlight-${VERSION}`;
const OFFICE_OF = "porchlight-office-";
const OFFICE_CACHE = `${OFFICE_OF}${VERSION}`;

// Fetches a file; where the browser's own cache has another one under that path (an older app may be served again), past that cache.
const bring = async (path, sha256, arrived = () => {}) => {
  let isOurs = false;
  let response;
  for (const cache of ["no-cache", "reload"]) {
    response = await fetch(path, { cache });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    const chunks = [];
    const reader = response.clone().body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      chunks.push(read.value);
      arrived(read.value.length);
    }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(chunks).arrayBuffer()));
    isOurs = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
    if (isOurs) break;
  }
  return { path, response, isOurs };
};

const keepIn = async (name, files) => {
  const cache = await caches.open(name);
  await Promise.all(files.map(({ path, response }) => cache.put(path, response)));
};

const keepField = async () => keepIn(CACHE, await Promise.all(Object.entries(FIELD).map(([path, [, sha256]]) => bring(path, sha256))));

// All of this version, or none: its modules must fit each other.
const keepOffice = async (tell = () => {}) => {
  const total = Object.values(OFFICE).reduce((sum, [bytes]) => sum + bytes, 0);
  let done = 0;
  const arrived = (bytes) => {
    done += bytes;
    tell({ done: Math.min(done, total), total });
  };
  const files = await Promise.all(Object.entries(OFFICE).map(([path, [, sha256]]) => bring(path, sha256, arrived)));
  const other = files.find(({ isOurs }) => !isOurs);
  if (other) throw new DOMException(other.path, "VersionError");
  try {
    await keepIn(OFFICE_CACHE, files);
  } catch (error) {
    await caches.delete(OFFICE_CACHE);
    throw error;
  }
};
const hasOffice = async () => (await caches.keys()).some((name) => name.startsWith(OFFICE_OF));
const WHY = { VersionError: "changed", QuotaExceededError: "room" };

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([keepField(), hasOffice().then((isKept) => isKept && keepOffice())]));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE && name !== OFFICE_CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") self.skipWaiting();
  if (event.data !== "keep-office") return;
  const [page] = event.ports;
  event.waitUntil(
    keepOffice((told) => page.postMessage(told)).then(
      () => page.postMessage({ isKept: true }),
      (error) => {
        console.warn("the office's files:", error);
        page.postMessage({ failed: WHY[error.name] ?? "offline" });
        // A newer version is served: it is looked for, and offered.
        if (error.name === "VersionError") self.registration.update();
      },
    ),
  );
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
      .then((kept) => kept ?? caches.match(wanted, { cacheName: OFFICE_CACHE }))
      .then((kept) => kept ?? fetch(event.request)),
  );
});
