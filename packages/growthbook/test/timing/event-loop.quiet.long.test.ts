import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { ShopServer } from "../client/shop-server.js";

const FLAGS = 10_000;
/** Number of changes. The first ones compile the code, and other processes slow down memory access. */
const RUNS = 15;

/** Returns a payload of about 2.4 MB. One feature in ten has the value. */
function largePayloadOf(value: string): string {
  const features = Array.from({ length: FLAGS }, (_, i): [string, object] => [
    `feature-${i}`,
    {
      defaultValue: i % 10 === 0 ? value : "none",
      rules: [
        { condition: { country: { $in: ["DE", "NL"] }, plan: "team" }, force: "forced" },
        { key: `experiment-${i}`, variations: ["a", "b"], weights: [0.5, 0.5], coverage: 0.5 },
      ],
    },
  ]);
  return JSON.stringify({ features: Object.fromEntries(features) });
}

/**
 * Follows the stream. It writes `@ready-<number>` when it waits for a change, and finally the shortest of the longest
 * gaps, and the shortest time of a parser for the whole payload.
 */
const FOLLOWER = `
  const { createClient } = await import("@sortition/core");
  const { growthbook } = await import("@sortition/growthbook/dialect");
  const { growthbookSource } = await import("@sortition/growthbook/source");
  const source = growthbookSource({ clientKey: "sdk-1", apiHost: process.env.HOST, streaming: true });
  const client = createClient({ dialect: growthbook(), source, assignmentLogger: null });
  let changed = () => {};
  client.on("configuration-changed", () => changed());
  await client.waitForInitialization();
  // Measures processor time, so that other processes do not lengthen a gap.
  const cpuMs = () => {
    const { system, user } = process.cpuUsage();
    return (system + user) / 1_000;
  };
  let longestMs = 0;
  let lastMs = cpuMs();
  let hasEnded = false;
  const turn = () => {
    const nowMs = cpuMs();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (!hasEnded) setImmediate(turn);
  };
  const payload = await (await fetch(process.env.HOST + "/api/features/sdk-1")).text();
  let parsedMs = Infinity;
  for (let run = 0; run < ${RUNS}; run++) {
    const startMs = cpuMs();
    JSON.parse(payload);
    parsedMs = Math.min(parsedMs, cpuMs() - startMs);
  }
  while (!client.status.stream.isUp) await new Promise(setImmediate);
  turn();
  let shortestMs = Infinity;
  for (let run = 0; run < ${RUNS} && (run < 3 || shortestMs >= parsedMs); run++) {
    longestMs = 0;
    await new Promise((resolve) => {
      changed = resolve;
      console.error("@ready-" + run);
    });
    shortestMs = Math.min(shortestMs, longestMs);
    const value = client.getStringAssignment("feature-0", "alice", {}, "none");
    if (value !== "value-" + run) throw new Error("run " + run + " has " + value);
  }
  hasEnded = true;
  await client.close();
  console.log(JSON.stringify({ gapMs: shortestMs, parsedMs }));
`;

it(`a change of ${FLAGS} flags blocks the event loop for less time than JSON.parse of its payload`, async () => {
  await using shop = {
    server: await new ShopServer({
      payload: JSON.parse(largePayloadOf("first")),
      hasStream: true,
    }).start(),
    [Symbol.asyncDispose]: () => shop.server.close(),
  };
  const { server } = shop;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const child = startChild({ script: FOLLOWER, cwd, env: { HOST: server.url } });
  let hasEnded = false;
  const ended = child.ended.finally(() => {
    hasEnded = true;
  });
  for (let run = 0; run < RUNS && !hasEnded; run++) {
    await child.mark(`ready-${run}`);
    server.push("features", largePayloadOf(`value-${run}`));
  }
  const { exitCode, stderr, stdout } = await ended;
  expect(exitCode, stderr).toBe(0);
  const { gapMs, parsedMs } = JSON.parse(stdout);
  process.stderr.write(`${FLAGS} flags: longest gap ${gapMs} ms, JSON.parse ${parsedMs} ms\n`);
  expect(gapMs).toBeLessThan(parsedMs);
});
