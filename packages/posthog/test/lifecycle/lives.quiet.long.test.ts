import { fileURLToPath } from "node:url";
import { startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

/** The packages are resolved from this folder, so ours comes from its build. */
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const MIB = 1_024 * 1_024;
const CYCLES = 1_000;
/** Cycles that create code and caches, which are excluded. */
const FIRST_CYCLES = 1_500;

const BODY = JSON.stringify({
  flags: [{ id: 1, key: "flag", active: true, filters: { groups: [{}] } }],
});

/** `live` runs the life of one client: its start, an evaluation, an event and its end. */
const scriptOf = (life: string): string => `
  import { setTimeout as sleep } from "node:timers/promises";
  const host = process.env.HOST;
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

const dropIn = (sdk: string): string => `
  import { PostHog } from "${sdk}";
  const live = async () => {
    const client = new PostHog("phc_key", { host, personalApiKey: "phx_key" });
    await client.waitForLocalEvaluationReady();
    const flags = await client.evaluateFlags("alice");
    const isOn = flags.isEnabled("flag");
    await client.shutdown();
    return isOn;
  };
`;

const native = (library: string): string => `
  import { createClient } from "${library}";
  import { posthog } from "@sortition/posthog/dialect";
  import { posthogSource } from "@sortition/posthog/source";
  const dialect = posthog();
  const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
  const assignmentLogger = { logAssignment() {} };
  const live = async () => {
    const source = posthogSource({ projectApiKey: "phc_key", secretKey: "phs_key", host });
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
    env: { HOST: server.url },
    timeoutMs: 600_000,
  }).ended;
  expect([exitCode, stderr]).toEqual([0, ""]);
  const { growth, on } = JSON.parse(stdout);
  expect(on).toBe(FIRST_CYCLES + CYCLES);
  return growth;
}

describe(`${CYCLES} clients, one after another`, () => {
  it.each([
    { name: "the drop-in", life: dropIn("@sortition/posthog") },
    { name: "the native client of core", life: native("@sortition/core") },
    { name: "the native client of node", life: native("@sortition/node") },
  ])("do not make the heap grow: $name", async ({ life, name }) => {
    const growth = await growthOf(life);
    console.info(name, growth);
    expect(growth).toBeLessThan(MIB);
  });

  it("are measured like posthog-node's, whose heap does not grow either", async () => {
    const growth = await growthOf(dropIn("posthog-node"));
    console.info("posthog-node", growth);
    expect(growth).toBeLessThan(MIB);
  });
});
