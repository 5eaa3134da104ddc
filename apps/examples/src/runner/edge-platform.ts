// Runs a module Worker on Node like an edge platform: `node edge-platform.js FILE`. The KV namespace is in memory.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";

interface Worker {
  fetch(request: Request, env: object, context: object): Response | Promise<Response>;
}

const { default: worker }: { default: Worker } = await import(
  pathToFileURL(process.argv[2] ?? "").href
);
const entries = new Map<string, ArrayBuffer>();
const work = new Set<Promise<unknown>>();
const env = {
  FLAGS: {
    get: async (name: string) => entries.get(name) ?? null,
    put: async (name: string, bytes: Uint8Array) => {
      entries.set(name, bytes.slice().buffer as ArrayBuffer); // a copy
    },
  },
  EPPO_KEY: "example",
  EPPO_URL: process.env["EPPO_BASE_URL"],
  GROWTHBOOK_KEY: "example",
  GROWTHBOOK_URL: process.env["GROWTHBOOK_API_HOST"],
  COLLECTOR: process.env["SEGMENT_HOST"],
  TOKEN: "secret",
};
const context = {
  waitUntil: (promise: Promise<unknown>) => void work.add(promise),
  passThroughOnException() {},
};

const server = createServer(async ({ url }, outgoing) => {
  const response = await worker.fetch(new Request(`http://127.0.0.1${url}`), env, context);
  outgoing.writeHead(response.status).end(await response.text());
});
await once(server.listen(0, "127.0.0.1"), "listening");
process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await Promise.all(work);
});
console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
