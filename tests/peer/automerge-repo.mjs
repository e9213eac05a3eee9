// The peer that people would otherwise take: an automerge-repo server with its websocket and file-storage adapters, in a process of
// its own. Work: so many documents, so many changes each, from the first local write until a second client holds everything.
// Prints "took MILLISECONDS BYTES": the time, and what the server's process holds afterwards.
import { fork } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Repo } from "@automerge/automerge-repo";
import { WebSocketClientAdapter, WebSocketServerAdapter } from "@automerge/automerge-repo-network-websocket";
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs";
import { WebSocketServer } from "ws";

if (process.argv[2] === "serve") {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const storage = new NodeFSStorageAdapter(process.argv[3]);
  new Repo({ network: [new WebSocketServerAdapter(server)], storage, sharePolicy: async () => false, peerId: "server" });
  server.on("listening", () => process.send({ port: server.address().port }));
  process.on("message", () => process.send({ memory: process.memoryUsage.rss() }));
} else {
  const [nDocs, nChanges] = process.argv.slice(2).map(Number);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "porchlight-peer-"));
  const server = fork(process.argv[1], ["serve", folder]);
  const told = () => new Promise((resolve) => server.once("message", resolve));
  const { port } = await told();
  const client = () => new Repo({ network: [new WebSocketClientAdapter(`ws://127.0.0.1:${port}`)] });
  const [writer, reader] = [client(), client()];
  await Promise.all([writer, reader].map((repo) => repo.networkSubsystem.whenReady()));

  const start = performance.now();
  const handles = [];
  for (let n = 0; n < nDocs; n += 1) {
    const handle = writer.create({ visits: {} });
    for (let m = 0; m < nChanges; m += 1) {
      handle.change((doc) => {
        doc.visits[`${n}/${m}/0123456789abcdef0123456789abcdef`] = { door: "0123456789abcdef", at: 1790000000000 + m * 90000, result: "canvassed" };
        doc[`${n}/${m}/q1`] = "lean_yes";
      });
    }
    handles.push(handle);
  }
  for (const { url } of handles) {
    for (let found; !found; ) {
      try {
        found = await reader.find(url);
      } catch {
        // The server has not heard of it yet: ask again.
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      while (Object.keys(found.doc()?.visits ?? {}).length < nChanges) await new Promise((resolve) => found.once("change", resolve));
    }
  }
  const took = performance.now() - start;
  server.send({});
  const { memory } = await told();
  console.log(`took ${took} ${memory}`);
  server.kill("SIGKILL");
  fs.rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
