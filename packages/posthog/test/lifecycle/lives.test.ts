import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { PostHog } from "../../src/index.js";
import { ShopServer } from "../program/shop-server.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Creates clients that poll and send an event, and shuts them down. Nothing refers to them afterwards. */
async function live(host: string, count: number): Promise<readonly WeakRef<PostHog>[]> {
  const clients: WeakRef<PostHog>[] = [];
  for (let i = 0; i < count; i++) {
    const client = new PostHog("phc_key", { host, personalApiKey: "phx_key" });
    await client.waitForLocalEvaluationReady();
    client.capture({ distinctId: "alice", event: "seen" });
    await client.shutdown();
    clients.push(new WeakRef(client));
  }
  return clients;
}

describe("a client that was shut down", () => {
  it("is garbage-collected with everything that it holds", async () => {
    const server = await new ShopServer().start();
    const clients = await live(server.url, 20);
    for (let i = 0; i < 3; i++) {
      // A reference that was read in this turn is kept alive until its end.
      await turn();
      collectGarbage();
    }
    const held = clients.filter((it) => it.deref() !== undefined);
    expect(server.events).toHaveLength(20);
    expect(held).toHaveLength(0);
    await server.close();
  });
});
