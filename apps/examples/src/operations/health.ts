// For production: set EPPO_API_KEY and PORT, and let your orchestrator probe these two paths. Do not set EPPO_BASE_URL. In a
// container, do not set HOST.
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
  // Liveness does not depend on flags, because a restart would not end the vendor's outage.
  if (request.url === "/live") response.writeHead(200).end("ok");
  // Ready once it has flags. `stale` is ready too: the last configuration is better than none.
  else if (request.url === "/ready") {
    const isReady = !isStopping && (state === "ready" || state === "stale");
    response.writeHead(isReady ? 200 : 503, { "content-type": "application/json" });
    response.end(JSON.stringify({ state, source, ageMs, revision, lastError }));
  } else response.writeHead(404).end();
});
const host = process.env["HOST"] ?? "0.0.0.0"; // all interfaces: a container's loopback cannot be reached from outside
server.listen(Number(process.env["PORT"] ?? 3_000), host, () => {
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  console.log(`listening on http://${host}:${port}`);
});

process.once("SIGTERM", () => {
  isStopping = true; // The load balancer has 5 s to notice that /ready returns 503.
  setTimeout(
    () => {
      server.close(() => client.close());
      // Some responses may never end.
      setTimeout(
        () => server.closeAllConnections(),
        Number(process.env["RESPONSES_MS"] ?? 10_000),
      ).unref();
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
