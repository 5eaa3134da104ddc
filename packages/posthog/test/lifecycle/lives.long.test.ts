import { fileURLToPath } from "node:url";
import { startTestServer } from "@sortition/test-kit";
import { CYCLES, heapGrowthOf } from "@sortition/test-kit/heap-growth";
import { describe, expect, it } from "vitest";

/** The packages are resolved from this folder, so ours comes from its build. */
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const MIB = 1_024 * 1_024;

const BODY = JSON.stringify({
  flags: [{ id: 1, key: "flag", active: true, filters: { groups: [{}] } }],
});

const SET_UP = `
  const host = process.env.HOST;
  const check = (isOn) => { if (!isOn) throw new Error("off"); };`;

/** Parts of the script that `heapGrowthOf` runs. */
interface Script {
  readonly setUp: string;
  readonly life: string;
}

const dropIn = (sdk: string): Script => ({
  setUp: `import { PostHog } from "${sdk}";${SET_UP}`,
  life: `
    const client = new PostHog("phc_key", { host, personalApiKey: "phx_key" });
    await client.waitForLocalEvaluationReady();
    const flags = await client.evaluateFlags("alice");
    check(flags.isEnabled("flag"));
    await client.shutdown();`,
});

const native = (library: string): Script => ({
  setUp: `
    import { createClient } from "${library}";
    import { posthog } from "@sortition/posthog/dialect";
    import { posthogSource } from "@sortition/posthog/source";
    ${SET_UP}
    const dialect = posthog();
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const assignmentLogger = { logAssignment() {} };`,
  life: `
    const source = posthogSource({ projectApiKey: "phc_key", secretKey: "phs_key", host });
    const client = createClient({ dialect, source, diagnostics, assignmentLogger });
    await client.waitForInitialization();
    check(client.getBooleanAssignment("flag", "alice", {}, false));
    await client.close();`,
});

async function growthOf(script: Script): Promise<number> {
  await using server = await startTestServer(() => ({ kind: "answer", body: BODY }));
  return await heapGrowthOf({ cwd, env: { HOST: server.url }, ...script });
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
