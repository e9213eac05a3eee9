// Starts the interface, and the service worker that keeps the app on this device.
import init from "/porchlight-ui.js";

init({ module_or_path: "/porchlight-ui_bg.wasm" }).catch((error) => {
  console.error(error);
  const main = document.querySelector("#app");
  main.textContent = main.dataset.failed;
  main.setAttribute("role", "alert");
});

const native = "__TAURI__" in globalThis || "__TAURI_INTERNALS__" in globalThis;
if ("serviceWorker" in navigator && !native) {
  addEventListener("load", async () => {
    try {
      const registration = await navigator.serviceWorker.register("/sw.js");
      // A new version waits until the person takes it.
      const offer = () => {
        if (!registration.waiting || !navigator.serviceWorker.controller) return;
        globalThis.porchlightUpdate = () => {
          navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
          registration.waiting?.postMessage("skip-waiting");
        };
        dispatchEvent(new Event("porchlight-update"));
      };
      offer();
      registration.addEventListener("updatefound", () => {
        registration.installing?.addEventListener("statechange", offer);
      });
    } catch (error) {
      console.warn("service worker:", error);
    }
  });
}
