// A process of a fleet. It evaluates a flag for a new subject in each interval, and logs through an outbox in Redis.
import { createClient, httpOrigin } from "@sortition/node";
import { redis } from "@sortition/redis";
import { segmentLogger } from "@sortition/segment";
import { MARKER } from "../dialects/writer.js";
import type { RotationMessage, RotationRequest } from "./protocol.js";

const [apiKey = "", baseUrl = "", redisUrl = "", host = "", interval = ""] = process.argv.slice(2);
const intervalMs = Number(interval);
/** Time limits of a busy machine. */
const CLOSE_MS = 20_000;
const POLL_INTERVAL_MS = 6_000;
let faults = 0;
for (const event of ["unhandledRejection", "uncaughtException"]) {
  process.on(event, () => {
    faults += 1;
  });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const fleet = redis({
  redis: redisUrl,
  namespace: "drill",
  origin: httpOrigin({ apiKey, baseUrl }),
  pollIntervalMs: POLL_INTERVAL_MS,
  diagnostics: silent,
});
const outbox = fleet.outbox(segmentLogger({ writeKey: "key", host, diagnostics: silent }), {
  minIdleMs: 6_000,
  flushMs: 10,
});
const client = createClient({
  source: fleet,
  assignmentLogger: fleet.dedupe(outbox),
  diagnostics: silent,
});
const subjects: string[] = [];
let looks = 0;
let wrong = 0;

function look(): void {
  const subject = `${apiKey}-${process.pid}-${looks}`;
  looks += 1;
  if (client.getStringAssignment(MARKER, subject, {}, "") === "1") subjects.push(subject);
  else wrong += 1;
}

function say(message: RotationMessage): void {
  process.send?.(message);
}

async function run(): Promise<void> {
  await client.waitForInitialization({ timeoutMs: CLOSE_MS });
  const timer = setInterval(look, intervalMs);
  process.on("message", async (request: RotationRequest) => {
    clearInterval(timer);
    if (request === "rest") {
      await client.flush({ timeoutMs: CLOSE_MS });
      say("resting");
      return;
    }
    await client.close({ timeoutMs: CLOSE_MS });
    await fleet.close();
    const { consumer, droppedBy } = outbox.stats();
    const lost = Object.values(droppedBy).reduce((sum, count) => sum + count, 0);
    say({ subjects, looks, wrong, faults, lost, delivered: consumer.delivered });
    process.disconnect();
  });
  say("ready");
}

await run();
