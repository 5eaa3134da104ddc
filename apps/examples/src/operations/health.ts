// For production: set EPPO_API_KEY and PORT, leave EPPO_BASE_URL unset, and let your orchestrator ask these two paths.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { init } from "@sortition/node";

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: { logAssignment() {} },
});

const server = createServer((request, response) => {
  const { state, source, ageMs, revision, lastError } = client.status;
  // Alive: flags never make a process unhealthy. A restart would not bring the vendor back.
  if (request.url === "/live") response.writeHead(200).end("ok");
  // Ready: it has flags. `stale` counts as ready: the last configuration is better than none.
  else if (request.url === "/ready") {
    const isReady = state === "ready" || state === "stale";
    response.writeHead(isReady ? 200 : 503, { "content-type": "application/json" });
    response.end(JSON.stringify({ state, source, ageMs, revision, lastError }));
  } else response.writeHead(404).end();
});
server.listen(Number(process.env["PORT"] ?? 3_000), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // it listens on a port
  console.log(`listening on http://127.0.0.1:${port}`);
});

process.once("SIGTERM", () => server.close(() => client.close()));

// Prints:
//   listening on http://127.0.0.1:…
// GET /live
//   ok
// GET /ready
//   {"state":"ready","source":"network","ageMs":…,"revision":"…","lastError":null}
