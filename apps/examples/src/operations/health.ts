// For production: set EPPO_API_KEY and PORT, leave EPPO_BASE_URL and, in a container, HOST unset, and let your orchestrator ask these two paths.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { init } from "@sortition/node";

const client = await init({
  apiKey: process.env["EPPO_API_KEY"],
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: { logAssignment() {} },
});

let isStopping = false;
const server = createServer((request, response) => {
  const { state, source, ageMs, revision, lastError } = client.status;
  // Alive: flags never make a process unhealthy. A restart would not bring the vendor back.
  if (request.url === "/live") response.writeHead(200).end("ok");
  // Ready: it has flags. `stale` counts as ready: the last configuration is better than none.
  else if (request.url === "/ready") {
    const isReady = !isStopping && (state === "ready" || state === "stale");
    response.writeHead(isReady ? 200 : 503, { "content-type": "application/json" });
    response.end(JSON.stringify({ state, source, ageMs, revision, lastError }));
  } else response.writeHead(404).end();
});
const host = process.env["HOST"] ?? "0.0.0.0"; // all interfaces: from outside, a container's loopback is not reached
server.listen(Number(process.env["PORT"] ?? 3_000), host, () => {
  const { port } = server.address() as AddressInfo; // it listens on a port
  console.log(`listening on http://${host}:${port}`);
});

process.once("SIGTERM", () => {
  isStopping = true; // Not ready: the load balancer has five seconds to see that.
  setTimeout(
    () => {
      server.close(() => client.close());
      setTimeout(
        () => server.closeAllConnections(),
        Number(process.env["RESPONSES_MS"] ?? 10_000),
      ).unref(); // what has not ended by then
    },
    Number(process.env["DRAIN_MS"] ?? 5_000),
  );
});

// Prints, with EPPO_API_KEY=example HOST=127.0.0.1 DRAIN_MS=0:
//   listening on http://127.0.0.1:…
// GET /live
//   ok
// GET /ready
//   {"state":"ready","source":"network","ageMs":…,"revision":"…","lastError":null}
