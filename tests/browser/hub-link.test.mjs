// A page reaches a hub nearby over a data channel, on a network that has no way out, in a browser that asks before pages may reach it.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import readline from "node:readline";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { ADDRESS, IPV6, alone, folder, giveIpv6, isAlone, program, takeIpv4 } from "./harness.mjs";

/** The relay's, as docs/ui.md has it. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";

/** As if the page came from the internet, to a browser that asks before WebRTC may reach the local network too. */
const STRICT = (server) => [
  `--ip-address-space-overrides=127.0.0.1:${server.address().port}=public`,
  "--enable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebRTC",
];

/** The page around the real boot.js, worker.js and hub.js: in the engine's place stands one that only fetches. */
const FILES = {
  "/": ["text/html", `<!doctype html><main id="app" data-failed="failed"></main><script type="module" src="/boot.js"></script>`],
  "/boot.js": ["text/javascript", fs.readFileSync("ui/static/boot.js")],
  "/hub.js": ["text/javascript", fs.readFileSync("ui/static/hub.js")],
  "/worker.js": ["text/javascript", fs.readFileSync("ui/worker/static/worker.js")],
  "/porchlight_worker.js": ["text/javascript", fs.readFileSync("tests/browser/hub-link-engine.js")],
  "/porchlight-ui.js": ["text/javascript", "export default () => globalThis.porchlightWorker.postMessage({})"],
  "/sw.js": ["text/javascript", ""],
};

/** A hub that echoes. */
async function hub(kept, place) {
  const started = program("examples/echo_hub", [kept, place]);
  for await (const line of readline.createInterface({ input: started.stdout })) return { url: line.trim(), process: started };
  throw new Error("the hub did not start");
}

let server, origin, context, page;

if (!isAlone) test("a link to a hub, without internet", () => alone("tests/browser/hub-link.test.mjs"));

before(async () => {
  if (!isAlone) return;
  server = http.createServer((request, response) => {
    const [type, body] = FILES[new URL(request.url, "http://x").pathname] ?? [];
    const headers = { "content-type": type ?? "text/plain", "content-security-policy": POLICY };
    response.writeHead(body === undefined ? 404 : 200, headers).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  context = await chromium.launchPersistentContext(folder(), {
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu", ...STRICT(server)],
  });
  // What a person is asked as "Access other devices on your local network".
  await context.grantPermissions(["local-network-access"], { origin });
  page = context.pages()[0] ?? (await context.newPage());
  page.on("console", (message) => console.log("page:", message.text()));
  await page.goto(origin);
});

after(async () => {
  await context?.close();
  server?.close();
});

/** What the engine's worker gets when it fetches, and how long that took. */
const ask = (...asked) =>
  page.evaluate(
    (asked) =>
      new Promise((resolve) => {
        const worker = globalThis.porchlightWorker;
        const listener = ({ data }) => {
          if (!data.fetched) return;
          worker.removeEventListener("message", listener);
          resolve(data.fetched);
        };
        worker.addEventListener("message", listener);
        worker.postMessage({ fetch: asked });
      }),
    asked,
  );

const MB = 1024 * 1024;

test("over a network without internet", { skip: !isAlone }, async (t) => {
  const kept = folder();
  const { url, process: hub_ } = await hub(kept, `${ADDRESS}:0`);

  await t.test("a first, small request opens the link", async () => {
    const [first] = await ask({ url: `${url}/hello` });
    assert.match(first.text, /^hello /);
    const [second] = await ask({ url: `${url}/hello` });
    assert.equal(second.status, 200);
    console.log(`connect and ask: ${first.ms} ms; ask: ${second.ms} ms; ${first.text}`);
  });

  await t.test("a long body goes and comes back as it was", async () => {
    const [echo] = await ask({ url: `${url}/echo`, n: 3 * MB });
    assert.deepEqual([echo.status, echo.n, echo.same], [200, 3 * MB, true]);
    console.log(`3 MiB there and back: ${echo.ms} ms, ${((6 * MB) / echo.ms / 1000).toFixed(1)} MB/s`);
    const [down] = await ask({ url: `${url}/zeros/${8 * MB}` });
    assert.equal(down.n, 8 * MB);
    console.log(`8 MiB down: ${down.ms} ms, ${((8 * MB) / down.ms / 1000).toFixed(1)} MB/s`);
  });

  await t.test("twelve at once all get their own answer", async () => {
    const answers = await ask(...Array.from({ length: 12 }, (_, i) => ({ url: `${url}/echo`, n: 100_000 + i })));
    assert.deepEqual(answers.map(({ n, same }) => [n, same]), answers.map((_, i) => [100_000 + i, true]));
  });

  await t.test("statuses, aborts and failures come as from fetch", async () => {
    assert.equal((await ask({ url: `${url}/v1/hints` }))[0].status, 404);
    assert.equal((await ask({ url: `${url}/zeros/100`, abort: true }))[0].error, "AbortError");
    const wrong = url.replace(/invalid.(..)/, (_, digits) => `invalid/${digits === "00" ? "11" : "00"}`);
    const [refused] = await ask({ url: `${wrong}/hello` });
    assert.equal(refused.error, "TypeError");
    console.log(`a hub of another fingerprint: ${refused.message} after ${refused.ms} ms`);
  });

  const place = url.split("/").at(-1);
  const ended = (one, signal) =>
    new Promise((resolve) => {
      one.once("exit", resolve);
      one.kill(signal);
    });

  await t.test("a hub that dies and comes again is found again", async () => {
    await ended(hub_, "SIGKILL");
    const lost = ask({ url: `${url}/echo`, n: MB });
    const { process: again } = await hub(kept, place);
    const [first] = await lost;
    assert.equal(first.error, "TypeError");
    console.log(`a hub that died: ${first.message} after ${first.ms} ms`);
    const [second] = await ask({ url: `${url}/hello` });
    assert.equal(second.status, 200);
    await ended(again, "SIGINT");
    const [none] = await ask({ url: `${url}/hello` });
    assert.equal(none.error, "TypeError");
    console.log(`found again in ${second.ms} ms; a hub that stopped: ${none.message} after ${none.ms} ms`);
  });

  await t.test("a network that has IPv6 alone", async () => {
    giveIpv6("porch0", IPV6);
    takeIpv4("porch0", ADDRESS);
    const { url: url6, process: hub6 } = await hub(kept, `[${IPV6}]:0`);
    assert.ok(url6.includes(`/[${IPV6}]:`), url6);
    const [first] = await ask({ url: `${url6}/hello` });
    assert.match(first.text ?? first.message, /^hello \[/);
    const [echo] = await ask({ url: `${url6}/echo`, n: 3 * MB });
    assert.deepEqual([echo.status, echo.n, echo.same], [200, 3 * MB, true]);
    console.log(`over IPv6: connect and ask ${first.ms} ms; 3 MiB there and back: ${echo.ms} ms; ${first.text}`);
    await ended(hub6, "SIGINT");
  });
});
