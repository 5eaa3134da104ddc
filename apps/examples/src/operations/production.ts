// For production: set NODE_ENV, EPPO_API_KEY, SEGMENT_WRITE_KEY and PORT. Do not set EPPO_BASE_URL and SEGMENT_HOST. In a
// container, do not set HOST.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Analytics } from "@segment/analytics-node";
import { init } from "@sortition/node";
import { segmentLogger } from "@sortition/segment";
import express from "express";

// Your own instance, which may also send other events. Without one, use segmentLogger({ writeKey }).
const analytics = new Analytics({
  writeKey: process.env["SEGMENT_WRITE_KEY"] ?? "", // Segment rejects an empty key
  host: process.env["SEGMENT_HOST"] ?? "https://api.segment.io",
});
const client = await init({
  apiKey: process.env["EPPO_API_KEY"], // no default: a process without a key should not start
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: segmentLogger({ analytics }),
});

/** The bandit's actions with their attributes, and what is shown if it does not choose. */
const shoes = { nike: { price: 90, isNew: true }, adidas: { price: 70, isNew: false } };
const bestSeller = "nike";

const app = express();
let isStopping = false;
app.get("/ready", (_request, response) => {
  const { state, ageMs, lastError } = client.status;
  const isReady = !isStopping && (state === "ready" || state === "stale");
  response.status(isReady ? 200 : 503).json({ state, ageMs, lastError });
});
app.get("/shoe", (request, response) => {
  const visitor = { age: 30, country: request.get("x-country") ?? null };
  const user = String(request.query["user"] ?? "anonymous");
  const { variation, action } = client.getBanditAction(
    "shoe-offer",
    user,
    visitor,
    shoes,
    "best-seller",
  );
  response.json({ variation, shoe: action ?? bestSeller });
});

const host = process.env["HOST"] ?? "0.0.0.0"; // all interfaces: a container's loopback cannot be reached from outside
const server = app.listen(Number(process.env["PORT"] ?? 3_000), host, () => {
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  console.log(`listening on http://${host}:${port}`);
});

/** How long the load balancer may take to notice that `/ready` returns 503. */
const DRAIN_MS = Number(process.env["DRAIN_MS"] ?? 5_000);
/** How long the last responses may take to end. */
const RESPONSES_MS = Number(process.env["RESPONSES_MS"] ?? 10_000);

/**
 * Reports that the server is not ready, stops accepting requests, waits for the last response, and then delivers the last
 * exposures. The client is closed last, because a closed client logs nothing.
 */
async function stop(): Promise<void> {
  isStopping = true;
  await setTimeout(DRAIN_MS);
  const closed = once(server, "close");
  server.close();
  // Some responses never end, such as event streams, or responses to a browser that has stopped reading.
  const late = globalThis.setTimeout(() => server.closeAllConnections(), RESPONSES_MS);
  await closed;
  clearTimeout(late);
  const { totals } = await client.close({ timeoutMs: 5_000 });
  await analytics.closeAndFlush({ timeout: 2_000 }); // your own instance, which the client does not close
  console.log(`stopped, ${totals.accepted - totals.delivered} exposures left`);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);

// Prints, with EPPO_API_KEY=shoes SEGMENT_WRITE_KEY=example HOST=127.0.0.1 DRAIN_MS=0:
//   listening on http://127.0.0.1:…
//   stopped, 0 exposures left
// GET /ready
//   {"state":"ready","ageMs":…,"lastError":null}
// GET /shoe?user=user-1
//   {"variation":"shoe-bandit","shoe":"…"}
// GET /shoe?user=user-4
//   {"variation":"newest-first","shoe":"nike"}
