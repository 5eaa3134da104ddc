import { fileURLToPath } from "node:url";
import { startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

/** From here, the packages can be resolved: ours as they were built. */
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const MIB = 1_024 * 1_024;
const CYCLES = 1_000;
/** Number of initial cycles, which create code and caches that are not counted. */
const FIRST_CYCLES = 1_500;

const FLAG = {
  key: "flag",
  enabled: true,
  variationType: "BOOLEAN",
  totalShards: 1,
  variations: { on: { key: "on", value: true } },
  allocations: [{ key: "all", doLog: true, splits: [{ variationKey: "on", shards: [] }] }],
};
const BODY = JSON.stringify({
  createdAt: "2026-01-01T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Test" },
  flags: { flag: FLAG },
});

/** `live` is the life of one client: its start, an evaluation, an event and its end. */
const scriptOf = (life: string): string => `
  import { setTimeout as sleep } from "node:timers/promises";
  const baseUrl = process.env.HOST;
  const assignmentLogger = { logAssignment() {} };
  const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
  ${life}
  const run = async (count) => {
    let on = 0;
    for (let i = 0; i < count; i++) if (await live()) on += 1;
    return on;
  };
  const measure = async () => {
    for (let i = 0; i < 4; i++) { gc(); await sleep(20); }
    return process.memoryUsage().heapUsed;
  };
  let on = await run(${FIRST_CYCLES});
  const before = await measure();
  on += await run(${CYCLES});
  const after = await measure();
  console.log(JSON.stringify({ on, growth: after - before }));
  process.exit(0);
`;

/** @param end - ends the client. Without it, the next \`init\` ends the client. */
const dropIn = (sdk: string, end: string): string => `
  import { init } from "${sdk}";
  const live = async () => {
    const client = await init({ apiKey: "key", baseUrl, assignmentLogger });
    const isOn = client.getBooleanAssignment("flag", "alice", {}, false);
    ${end}
    return isOn;
  };
`;

const native = (library: string): string => `
  import { createClient } from "${library}";
  import { eppo } from "@sortition/core/eppo";
  import { eppoSource } from "@sortition/eppo/source";
  const dialect = eppo();
  const live = async () => {
    const source = eppoSource({ apiKey: "key", baseUrl });
    const client = createClient({ dialect, source, diagnostics, assignmentLogger });
    await client.waitForInitialization();
    const isOn = client.getBooleanAssignment("flag", "alice", {}, false);
    await client.close();
    return isOn;
  };
`;

async function growthOf(life: string): Promise<number> {
  await using server = await startTestServer(() => ({ kind: "answer", body: BODY }));
  const { exitCode, stderr, stdout } = await startChild({
    cwd,
    script: scriptOf(life),
    nodeOptions: ["--expose-gc"],
    env: { HOST: `${server.url}/api`, LOG_LEVEL: "silent" },
    timeoutMs: 600_000,
  }).ended;
  expect([exitCode, stderr]).toEqual([0, ""]);
  const { growth, on } = JSON.parse(stdout);
  expect(on).toBe(FIRST_CYCLES + CYCLES);
  return growth;
}

describe(`${CYCLES} clients, one after another`, () => {
  it.each([
    { name: "the drop-in, by a second init", life: dropIn("@sortition/eppo", "") },
    {
      name: "the drop-in, by stopPolling",
      life: dropIn("@sortition/eppo", "client.stopPolling();"),
    },
    { name: "the drop-in, by close", life: dropIn("@sortition/eppo", "await client.close();") },
    { name: "the native client of core", life: native("@sortition/core") },
    { name: "the native client of node", life: native("@sortition/node") },
  ])("leave nothing on the heap: $name", async ({ life, name }) => {
    const growth = await growthOf(life);
    console.info(name, growth);
    expect(growth).toBeLessThan(MIB);
  });
});
