import { fileURLToPath } from "node:url";
import { startTestServer } from "@sortition/test-kit";
import { CYCLES, heapGrowthOf } from "@sortition/test-kit/heap-growth";
import { describe, expect, it } from "vitest";

/** From here, the packages can be resolved: ours as they were built. */
const cwd = fileURLToPath(new URL("../..", import.meta.url));
const MIB = 1_024 * 1_024;

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

const SET_UP = `
  const baseUrl = process.env.HOST;
  const assignmentLogger = { logAssignment() {} };
  const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
  const check = (isOn) => { if (!isOn) throw new Error("off"); };`;

/** Parts of the script that `heapGrowthOf` runs. */
interface Script {
  readonly setUp: string;
  readonly life: string;
}

/** @param end - ends the client. Without it, the next `init` ends the client. */
const dropIn = (sdk: string, end: string): Script => ({
  setUp: `import { init } from "${sdk}";${SET_UP}`,
  life: `
    const client = await init({ apiKey: "key", baseUrl, assignmentLogger });
    check(client.getBooleanAssignment("flag", "alice", {}, false));
    ${end}`,
});

const native = (library: string): Script => ({
  setUp: `
    import { createClient } from "${library}";
    import { eppo } from "@sortition/core/eppo";
    import { eppoSource } from "@sortition/eppo/source";
    ${SET_UP}
    const dialect = eppo();`,
  life: `
    const source = eppoSource({ apiKey: "key", baseUrl });
    const client = createClient({ dialect, source, diagnostics, assignmentLogger });
    await client.waitForInitialization();
    check(client.getBooleanAssignment("flag", "alice", {}, false));
    await client.close();`,
});

async function growthOf(script: Script): Promise<number> {
  await using server = await startTestServer(() => ({ kind: "answer", body: BODY }));
  const env = { HOST: `${server.url}/api`, LOG_LEVEL: "silent" };
  return await heapGrowthOf({ cwd, env, ...script });
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
