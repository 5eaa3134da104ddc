import { setTimeout as wait } from "node:timers/promises";
import { RemoteEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { startTestServer } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { RemoteEvaluationClient } from "../../src/index.js";

const CALLS = 200;
const SERVER_MS = 50;
/**
 * Maximum number of rounds per side. The best ones are compared, because a busy machine delays
 * some.
 */
const ROUNDS = 40;
const MAX_RATIO = 1.5;

it(`${CALLS} concurrent remote evaluations take at most 1.5 times as long as the vendor's`, async () => {
  await using server = await startTestServer(async () => {
    await wait(SERVER_MS);
    return { kind: "answer", body: "{}" };
  });
  const timeOf = async (Client: typeof VendorClient | typeof RemoteEvaluationClient) => {
    // Each round opens new connections.
    const client = new Client("key", { serverUrl: server.url });
    const startedAtMs = performance.now();
    await Promise.all(Array.from({ length: CALLS }, () => client.fetchV2({ user_id: "alice" })));
    return performance.now() - startedAtMs;
  };
  let [ours, theirs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS && (round < 3 || ours > MAX_RATIO * theirs); round++) {
    theirs = Math.min(theirs, await timeOf(VendorClient));
    ours = Math.min(ours, await timeOf(RemoteEvaluationClient));
  }
  process.stderr.write(
    `${CALLS} calls: ${ours.toFixed(0)} ms, the vendor's ${theirs.toFixed(0)} ms\n`,
  );
  expect(ours).toBeLessThanOrEqual(MAX_RATIO * theirs);
  expect(server.peakConcurrency).toBeGreaterThan(CALLS / 2);
});
