// A worker of a fleet, which reports when it serves another version.
import { openFleet } from "./open-fleet.js";
import { servedVersion } from "./payload.js";
import { machineMs, type WorkerReport, type WorkerSetup } from "./protocol.js";

const setup = JSON.parse(process.argv[2] ?? "") as WorkerSetup; // set by fleet.ts
const { client } = openFleet(setup, true);

process.on("disconnect", () => process.exit());
client.on("configuration-changed", report);
await client.waitForInitialization({ timeoutMs: 60_000 });
report();

function report(): void {
  const message: WorkerReport = { version: servedVersion(client), atMs: machineMs() };
  process.send?.(message);
}
