import { fileURLToPath } from "node:url";
import { CYCLES, heapGrowthOf } from "@sortition/test-kit/heap-growth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHOP } from "./client/shop-payload.js";
import { ShopServer } from "./client/shop-server.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));

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

const SET_UP = `
  import { createClient } from "@sortition/core";
  import { clearCache, GrowthBook, GrowthBookClient } from "@sortition/growthbook";
  import { growthbook } from "@sortition/growthbook/dialect";
  import { growthbookSource } from "@sortition/growthbook/source";
  const { HOST } = process.env;`;

describe(`${CYCLES} cycles of a client that starts and ends`, () => {
  let server: ShopServer;
  beforeAll(async () => {
    server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
  });
  afterAll(() => server.close());

  it.each(Object.entries(CLIENTS))("do not make the heap grow: %s", async (name, life) => {
    const growth = await heapGrowthOf({ cwd, setUp: SET_UP, life, env: { HOST: server.url } });
    console.info(name, growth);
    expect(growth).toBeLessThan(1_000_000);
  });
});
