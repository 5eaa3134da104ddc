import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

/** In this directory, `@sortition/core` resolves to this package's build. */
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const EVALUATIONS = 2_000_000;
const SUBJECTS = 1_000_000;

/** Evaluates a million subjects twice, and measures the heap after garbage collection at a tenth and at the end. */
const SCRIPT = `
  import { Configuration, createClient } from "@sortition/core";
  import { eppo } from "@sortition/core/eppo";
  const flag = {
    key: "f", enabled: true, variationType: "BOOLEAN", totalShards: 10_000,
    variations: { off: { key: "off", value: false }, on: { key: "on", value: true } },
    allocations: [{
      key: "halves", doLog: true,
      splits: [["off", 0], ["on", 5_000]].map(([variationKey, start]) => ({
        variationKey, shards: [{ salt: "s", ranges: [{ start, end: start + 5_000 }] }],
      })),
    }],
  };
  let logged = 0;
  const client = createClient({
    initialConfiguration: Configuration.from({
      dialect: eppo(),
      payloads: {
        flags: JSON.stringify({ format: "SERVER", environment: { name: "Test" }, flags: { f: flag } }),
      },
    }),
    assignmentLogger: { logAssignment: (event) => { logged += 1; } },
  });
  const heap = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let i = 0; i < 3; i++) gc();
    return process.memoryUsage().heapUsed;
  };
  const evaluations = ${EVALUATIONS}, subjects = ${SUBJECTS};
  const heaps = {};
  let on = 0;
  for (let i = 0; i < evaluations; i++) {
    if (i === evaluations / 10) heaps.early = await heap();
    if (client.getBooleanAssignment("f", "user-" + (i % subjects), {}, false)) on += 1;
  }
  heaps.late = await heap();
  const { accepted, deduplicated, loggers } = client.status.counters.exposures;
  console.log(JSON.stringify({ ...heaps, on, logged, accepted, deduplicated, delivered: loggers.assignmentLogger.delivered }));
  await client.close();
`;

describe("two million evaluations over a million subjects, with deduplication", () => {
  it("end with the same heap as after a tenth of them", async () => {
    const { exitCode, stdout, stderr } = await startChild({
      cwd,
      script: SCRIPT,
      nodeOptions: ["--expose-gc"],
      timeoutMs: 1_500_000,
    }).ended;
    expect([exitCode, stderr]).toEqual([0, ""]);
    const { early, late, on, ...counts } = JSON.parse(stdout);
    console.info(`heap in use: ${early} bytes at a tenth, ${late} at the end`);
    // Each subject has left the cache of 50,000 when it is evaluated again.
    expect(counts).toEqual({
      logged: EVALUATIONS,
      accepted: EVALUATIONS,
      deduplicated: 0,
      delivered: EVALUATIONS,
    });
    expect(on / EVALUATIONS).toBeCloseTo(0.5, 2);
    expect(Math.abs(late - early) / early).toBeLessThan(0.1);
  });
});
