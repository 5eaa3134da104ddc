// For production: set EPPO_API_KEY and PORT, and let Prometheus scrape /metrics. Do not set EPPO_BASE_URL. In a container, do
// not set HOST.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, init } from "@sortition/node";
import { Gauge, register } from "prom-client";

/** Exports a client's status; it is read once per scrape. */
function exportMetrics(client: Client): void {
  const labelNames = ["name"];
  new Gauge({
    name: "sortition_client",
    help: "values from client.status, by name",
    labelNames,
    collect() {
      const { ageMs, consecutiveFailures, counters, state } = client.status;
      const { exposures, evaluations } = counters;
      const { dropped, failed } = exposures.totals; // also events that a logger lost after it accepted them
      const loggers = Object.values(exposures.loggers);
      const failing = loggers.filter(
        ({ downstream }) => ({ failing: false, ...downstream }).failing,
      );
      this.set({ name: "serving" }, state === "ready" || state === "stale" ? 1 : 0);
      this.set({ name: "age_seconds" }, (ageMs ?? Number.NaN) / 1_000);
      this.set({ name: "failures_in_a_row" }, consecutiveFailures);
      this.set({ name: "exposures_accepted" }, exposures.accepted);
      this.set({ name: "exposures_lost" }, failed + dropped);
      this.set({ name: "loggers_failing" }, failing.length);
      for (const [name, count] of Object.entries(evaluations)) this.set({ name }, count);
    },
  });
}

const client = await init({
  apiKey: process.env["EPPO_API_KEY"],
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: { name: "console", logAssignment: ({ subject }) => console.log(subject) },
});
exportMetrics(client);
client.getStringAssignment("test-checkout", "user-1", {}, "standard_checkout");

const host = process.env["HOST"] ?? "0.0.0.0"; // all interfaces: a container's loopback cannot be reached from outside
const server = createServer(async (_request, response) => {
  response.end(await register.metrics());
}).listen(Number(process.env["PORT"] ?? 3_000), host, () => {
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  console.log(`listening on http://${host}:${port}`);
});
process.once("SIGTERM", () => {
  server.close(() => client.close());
  setTimeout(
    () => server.closeAllConnections(),
    Number(process.env["RESPONSES_MS"] ?? 10_000),
  ).unref(); // some responses may never end
});

// Prints, with EPPO_API_KEY=example HOST=127.0.0.1:
//   user-1
//   listening on http://127.0.0.1:…
// GET /metrics
//   …HELP sortition_client values from client.status, by name…
//   …sortition_client{name="serving"} 1…
//   …sortition_client{name="exposures_accepted"} 1…
//   …sortition_client{name="loggers_failing"} 0…
//   …sortition_client{name="unknownFlag"} 0…
