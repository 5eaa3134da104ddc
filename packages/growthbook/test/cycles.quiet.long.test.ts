import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHOP } from "./client/shop-payload.js";
import { ShopServer } from "./client/shop-server.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const CYCLES = 1_000;
/** Cycles before the first measurement, in which code is compiled and modules are loaded. */
const WARM_UP = 1_500;

const CLIENTS: Readonly<Record<string, string>> = {
  "an instance": `
    const gb = new GrowthBook({ apiHost: HOST, clientKey: "key-" + i, attributes: { id: "alice" } });
    await gb.init();
    gb.isOn("new-checkout");
    gb.destroy({ destroyAllStreams: true });
    await clearCache();`,
  "an instance of one key": `
    const gb = new GrowthBook({ apiHost: HOST, clientKey: "key", attributes: { id: "alice" } });
    await gb.init({ skipCache: true });
    gb.isOn("new-checkout");
    gb.destroy();`,
  "a client for many users that streams": `
    const client = new GrowthBookClient({ apiHost: HOST, clientKey: "key-" + i });
    await client.init({ streaming: true });
    client.isOn("new-checkout", { attributes: { id: "alice" } });
    client.destroy({ destroyAllStreams: true });
    await clearCache();`,
  "a native client": `
    const source = growthbookSource({ clientKey: "key-" + i, apiHost: HOST, streaming: true });
    const client = createClient({ dialect: growthbook(), source, assignmentLogger: null });
    await client.waitForInitialization();
    client.getBooleanAssignment("new-checkout", "alice", {}, false);
    await client.close();`,
};

/** Returns a script that prints by how many bytes the heap grew during the cycles. */
const scriptOf = (cycle: string): string => `
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--expose-gc");
  const collect = (await import("node:vm")).runInNewContext("gc");
  const { createClient } = await import("@sortition/core");
  const { clearCache, GrowthBook, GrowthBookClient } = await import("@sortition/growthbook");
  const { growthbook } = await import("@sortition/growthbook/dialect");
  const { growthbookSource } = await import("@sortition/growthbook/source");
  const { HOST } = process.env;
  let i = 0; // continues to count, because each cycle has its own key
  const run = async (cycles) => {
    for (const end = i + cycles; i < end; i++) {${cycle}
    }
  };
  const heapBytes = async () => {
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      collect();
    }
    return process.memoryUsage().heapUsed;
  };
  await run(${WARM_UP});
  const beforeBytes = await heapBytes();
  await run(${CYCLES});
  console.log((await heapBytes()) - beforeBytes);
  process.exit(0);
`;

describe(`${CYCLES} cycles of a client that starts and ends`, () => {
  let server: ShopServer;
  beforeAll(async () => {
    server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
  });
  afterAll(() => server.close());

  it.each(Object.keys(CLIENTS))("do not make the heap grow: %s", async (name) => {
    const script = scriptOf(CLIENTS[name] ?? "");
    const child = startChild({ script, cwd, env: { HOST: server.url } });
    const { exitCode, stderr, stdout } = await child.ended;
    expect(exitCode, stderr).toBe(0);
    process.stderr.write(`${name}: ${stdout.trim()} bytes\n`);
    expect(Number(stdout)).toBeLessThan(1_000_000);
  });
});
