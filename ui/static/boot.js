// Starts the interface, and the service worker that keeps the app on this device.

// An invite's secret, or a hub's link, is removed from the address before anything else (ui/src/link.rs).
if (location.hash.length > 1 && ["/join", "/hub"].includes(location.pathname)) {
  globalThis.porchlightLink = location.href;
  history.replaceState(history.state, "", location.pathname);
}
const native = "__TAURI__" in globalThis || "__TAURI_INTERNALS__" in globalThis;

// Two downloads: whoever has opened the office on this device has its modules, which hold the field's pages as well (ui/src/office_download.rs).
const OFFICE = "porchlight.office";
const DID_NOT_START = "porchlight.office-failed";
const hasOffice = () => {
  try {
    return localStorage.getItem(OFFICE) !== null;
  } catch {
    return false;
  }
};
const folder = !native && hasOffice() ? "/office-app" : "";
const SILENT_MS = 60_000;
// The service worker fetches and keeps the office's files (xtask/js/sw.template.js); without one they come from the network each time.
globalThis.porchlightOffice = async (told) => {
  if (await navigator.serviceWorker?.getRegistration()) {
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve, reject) => {
      let clock;
      const wait = () => {
        clearTimeout(clock);
        clock = setTimeout(() => reject("offline"), SILENT_MS);
      };
      wait();
      port1.onmessage = ({ data: { done, total, failed, isKept } }) => {
        wait();
        if (done) told(done, total);
        if (isKept || failed) clearTimeout(clock);
        if (isKept) resolve();
        if (failed) reject(failed);
      };
      active.postMessage("keep-office", [port2]);
    });
  }
  sessionStorage.removeItem(DID_NOT_START);
  localStorage.setItem(OFFICE, "");
};
if (!native) {
  // The page forwards a worker's requests to a hub nearby.
  globalThis.porchlightHub = (worker) =>
    worker.addEventListener("message", ({ data: { hub } }) => {
      if (!hub) return;
      import("/hub.js").then(
        ({ carry }) => carry(worker, hub),
        (error) => worker.postMessage({ hub: { id: hub.id, error: `${error}` } }),
      );
    });
  // The engine loads beside the interface, which takes it over once it holds the lock (ui/src/backend/worker.rs).
  const worker = new Worker(`${folder}/worker.js`, { type: "module" });
  worker.onerror = () => delete globalThis.porchlightWorker;
  globalThis.porchlightHub(worker);
  globalThis.porchlightWorker = worker;
}

// Not a static import: that would be loaded before the worker begins to.
import(`${folder}/porchlight-ui.js`)
  .then(({ default: init }) => init({ module_or_path: `${folder}/porchlight-ui_bg.wasm` }))
  .catch((error) => {
    console.error(error);
    if (folder) {
      // The field's modules are there in any case.
      localStorage.removeItem(OFFICE);
      sessionStorage.setItem(DID_NOT_START, "");
      location.reload();
      return;
    }
    const main = document.querySelector("#app");
    main.textContent = main.dataset.failed;
    main.setAttribute("role", "alert");
  });

const LOOK_MS = 3600_000;
if ("serviceWorker" in navigator && !native) {
  const workers = navigator.serviceWorker;
  let isControlled = workers.controller !== null;
  workers.addEventListener("controllerchange", () => {
    // The first service worker only caches what is loaded already.
    if (isControlled) dispatchEvent(new Event("porchlight-updated"));
    isControlled = true;
  });
  addEventListener("load", async () => {
    try {
      const registration = await workers.register("/sw.js");
      // A new version waits until the person takes it (ui/src/update.rs).
      const offer = () => {
        if (!registration.waiting || !workers.controller) return;
        globalThis.porchlightUpdate = () => registration.waiting?.postMessage("skip-waiting");
        dispatchEvent(new Event("porchlight-update"));
      };
      const watch = () => registration.installing?.addEventListener("statechange", offer);
      offer();
      watch();
      registration.addEventListener("updatefound", watch);
      // Some browsers check for updates no more than once a day.
      const update = () => registration.update().catch(() => {});
      update();
      // A page that stays open for days checks by itself.
      let looked = Date.now();
      const look = () => {
        if (document.hidden || Date.now() - looked < LOOK_MS) return;
        looked = Date.now();
        update();
      };
      document.addEventListener("visibilitychange", look);
      setInterval(look, LOOK_MS);
    } catch (error) {
      console.warn("service worker:", error);
    }
  });
}
