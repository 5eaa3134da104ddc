import { Agent, request } from "node:http";
import { expect, it } from "vitest";
import { serverOf } from "../formats.js";
import { isLinux, startMeasured, usageOf } from "../measured-relay.js";
import { fileOf, PAGE } from "../ofrep/ground.js";
import { openStream } from "../open-stream.js";
import { ENVIRONMENTS, later, VARIABLES } from "../start.js";

const REQUESTS = 10_000;

it.skipIf(!isLinux)("20 open pages of exposures cost evaluations little CPU time", async () => {
  const { server } = await serverOf("GrowthBook");
  const relay = await startMeasured({
    ...ENVIRONMENTS.GrowthBook(server.url),
    tokens: [PAGE],
    evaluate: true,
    loggers: [{ type: "ndjson", path: `${fileOf(null)}.events` }],
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  later(async () => agent.destroy());
  let subject = 0;
  const log = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/json",
        authorization: `Bearer ${VARIABLES.PAGE_TOKEN}`,
      };
      const url = `${relay.url}/ofrep/v1/evaluate/flags/checkout`;
      const asking = request(url, { agent, headers, method: "POST" }, (response) => {
        response.resume().on("end", resolve);
      });
      asking.on("error", reject);
      asking.end(JSON.stringify({ context: { targetingKey: `subject-${subject++}` } }));
    });
  /** Measures the relay's CPU time for exposures, in milliseconds. */
  const costOf = async (count: number): Promise<number> => {
    const before = usageOf(relay.pid).cpuMs;
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await log();
    };
    await Promise.all(Array.from({ length: 20 }, worker));
    return usageOf(relay.pid).cpuMs - before;
  };
  // Until the deduplication is full of subjects, each request costs more than the one before.
  for (let i = 0; i < 6; i++) await costOf(REQUESTS);
  const alone = await costOf(REQUESTS);
  const readers = await Promise.all(
    Array.from({ length: 20 }, () => openStream(`${relay.admin}/page/growthbook/live/events`)),
  );
  const watched = await costOf(REQUESTS);
  console.log(`CPU time of ${REQUESTS} exposures, in ms:`, { alone, watched });
  // Quiet runs measure 1.2 to 1.4. The wide bound detects a wrong design.
  expect(watched / alone).toBeLessThan(2);
  for (const { text } of readers) expect(text).toContain("data:");
});
