import { fileURLToPath } from "node:url";
import { startChild, startTestServer, type TestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

/** From here, both packages can be resolved: ours as it was built. */
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const MIB = 1_024 * 1_024;
const INTERVALS = 360;
/** The flag changes its variation after this many requests. */
const REQUESTS_OF_ONE = 10;
const SUBJECTS = 20;

/**
 * Runs one client for the life of the process, as the vendor recommends for servers. In each
 * interval it evaluates the flag for every subject, and its logger returns promises. Costs are
 * measured after a sixth of the time and at the end.
 */
const scriptOf = (sdk: string, options: object): string => `
  import { setTimeout as sleep } from "node:timers/promises";
  import { init } from "${sdk}";
  const values = [];
  const events = [];
  const costs = [];
  const client = await init({
    apiKey: "key",
    baseUrl: process.env.HOST,
    pollingIntervalMs: 100,
    assignmentLogger: {
      async logAssignment({ subject, variation }) {
        events.push(variation + " " + subject);
        await sleep(5);
      },
    },
    ...${JSON.stringify(options)},
  });
  const ask = (i) => client.getStringAssignment("release", "user-" + (i % ${SUBJECTS}), { age: i }, "default");
  const measure = async () => {
    let microseconds = Infinity;
    for (let batch = 0; batch < 5; batch++) {
      const before = process.cpuUsage();
      for (let i = 0; i < 10_000; i++) ask(i);
      const { user, system } = process.cpuUsage(before);
      microseconds = Math.min(microseconds, (user + system) / 10_000);
      await sleep(20);
    }
    for (let i = 0; i < 3; i++) { gc(); await sleep(20); }
    costs.push({ heap: process.memoryUsage().heapUsed, microseconds });
  };
  const look = () => {
    for (let i = 0; i < ${SUBJECTS}; i++) {
      const value = ask(i);
      if (value !== values.at(-1)) values.push(value);
    }
  };
  for (let interval = 1; interval <= ${INTERVALS}; interval++) {
    await sleep(100);
    look();
    if (interval % ${INTERVALS} === ${INTERVALS / 6}) await measure();
  }
  await measure();
  // A new configuration may have come meanwhile.
  look();
  client.stopPolling();
  console.log(JSON.stringify({ values, events, costs }));
  process.exit(0);
`;

interface Cost {
  readonly heap: number;
  /** Processor time of one evaluation. */
  readonly microseconds: number;
}

interface Lived {
  readonly requests: number;
  readonly connections: number;
  readonly values: readonly string[];
  readonly events: readonly string[];
  readonly costs: readonly [Cost, Cost];
}

function bodyOf(version: number): string {
  const variation = `v${version}`;
  const allocation = { key: "all", doLog: true, splits: [{ variationKey: variation, shards: [] }] };
  const flag = {
    key: "release",
    enabled: true,
    variationType: "STRING",
    variations: { [variation]: { key: variation, value: variation } },
    allocations: [allocation],
    totalShards: 1,
  };
  return JSON.stringify({
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: { release: flag },
  });
}

async function live(sdk: string, options: object = {}): Promise<Lived> {
  await using server: TestServer = await startTestServer(({ headers }) => {
    const version = Math.floor(server.requests.length / REQUESTS_OF_ONE);
    const etag = `"${version}"`;
    return headers["if-none-match"] === etag
      ? { kind: "answer", status: 304 }
      : { kind: "answer", headers: { etag }, body: bodyOf(version) };
  });
  const { exitCode, stderr, stdout } = await startChild({
    cwd,
    script: scriptOf(sdk, options),
    nodeOptions: ["--expose-gc"],
    env: { HOST: server.url, LOG_LEVEL: "silent" },
    timeoutMs: 600_000,
  }).ended;
  expect([exitCode, stderr]).toEqual([0, ""]);
  // Requests over the same connection have the same promise.
  const connections = new Set(server.requests.map((it) => it.connectionClosed)).size;
  return { requests: server.requests.length, connections, ...JSON.parse(stdout) };
}

describe(`one client for ${INTERVALS} intervals`, () => {
  it("makes no more requests than the vendor's client, sees and logs as much, and costs the same at the end", async () => {
    const [vendor, ours] = await Promise.all([
      live("@eppo/node-server-sdk"),
      live("@sortition/eppo", { pollJitterMs: 0 }),
    ]);
    for (const [name, { costs, requests, connections }] of Object.entries({ vendor, ours })) {
      console.info(name, { requests, connections }, ...costs);
    }
    // Allows for the variance on a busy machine.
    expect(ours.requests).toBeLessThanOrEqual(vendor.requests * 1.1);
    expect(ours.requests).toBeGreaterThan(INTERVALS / 2);
    // Throughout the life of the process, plus one for the first request.
    expect(ours.connections).toBeLessThanOrEqual(vendor.connections + 1);
    for (const { events, values } of [vendor, ours]) {
      expect(values.length).toBeGreaterThan(INTERVALS / 2 / REQUESTS_OF_ONE);
      expect(values).toEqual(values.map((_, version) => `v${version}`));
      // Each subject is logged once per variation.
      const expected = values.flatMap((value) =>
        Array.from({ length: SUBJECTS }, (_, i) => `${value} user-${i}`),
      );
      expect([...events].sort()).toEqual(expected.sort());
    }
    const [early, late] = ours.costs;
    expect(late.heap - early.heap).toBeLessThan(MIB);
    expect(late.microseconds).toBeLessThan(2 * early.microseconds + 1);
  });
});
