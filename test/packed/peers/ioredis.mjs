// A process that polls, another one that follows it with a client of the application, and an outbox.
import assert from "node:assert/strict";
import { createClient, httpOrigin } from "@sortition/node";
import { redis } from "@sortition/redis";
import { Redis } from "ioredis";

const { FLAGS_URL, REDIS_URL } = process.env;
const delivered = [];
const own = new Redis(REDIS_URL);
const processes = [REDIS_URL, own].map((given) => {
  const fleet = redis({
    redis: given,
    namespace: "peers",
    origin: httpOrigin({ apiKey: "key", baseUrl: FLAGS_URL }),
    pollIntervalMs: 1_000,
  });
  const logger = { logAssignment: ({ subject }) => void delivered.push(subject) };
  return { fleet, client: createClient({ source: fleet, assignmentLogger: fleet.outbox(logger) }) };
});
for (const { client } of processes) await client.waitForInitialization({ timeoutMs: 20_000 });
const changed = processes.map(
  ({ client }) => new Promise((resolve) => client.on("configuration-changed", resolve)),
);
await Promise.all(changed); // the service's second response has another value
for (const [i, { client }] of processes.entries()) {
  assert.equal(client.getStringAssignment("checkout", `user-${i}`, {}, "none"), "new");
}
assert.deepEqual(processes.map(({ fleet }) => fleet.status.role).sort(), ["follower", "leader"]);
while (delivered.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
assert.deepEqual(delivered.toSorted(), ["user-0", "user-1"]);
for (const { client } of processes) await client.close({ timeoutMs: 10_000 });
assert.equal(await own.ping(), "PONG"); // it is the application's
await own.quit();
console.log("ok");
