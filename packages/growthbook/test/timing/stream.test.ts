import { createClient } from "@sortition/core/client";
import { watchBusyMachine } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { growthbook } from "../../src/dialect.js";
import { growthbookSource } from "../../src/source.js";
import { ShopServer } from "../facade/shop-server.js";

const CHANGES = 20;

/** About 100 kB. */
function payloadOf(value: string): string {
  const features = Array.from({ length: 250 }, (_, i): [string, object] => [
    `feature-${i}`,
    { defaultValue: value, rules: [{ condition: { note: "x".repeat(300) }, force: "never" }] },
  ]);
  return JSON.stringify({ features: Object.fromEntries(features) });
}

it("a change of 100 kB is served within 50 ms of its push", async () => {
  using machine = watchBusyMachine();
  await using shop = {
    server: await new ShopServer({
      payload: JSON.parse(payloadOf("first")),
      hasStream: true,
    }).start(),
    [Symbol.asyncDispose]: () => shop.server.close(),
  };
  const { server } = shop;
  await using client = createClient({
    dialect: growthbook(),
    source: growthbookSource({ clientKey: "sdk-1", apiHost: server.url, streaming: true }),
    assignmentLogger: null,
  });
  await client.waitForInitialization();
  await expect.poll(() => client.status.stream?.isUp).toBe(true);
  const tookMs: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    const payload = payloadOf(`value-${i}`);
    const served = new Promise<void>((resolve) => {
      const remove = client.on("configuration-changed", () => {
        remove();
        resolve();
      });
    });
    const pushedAtMs = performance.now();
    server.push("features", payload);
    await served;
    tookMs.push(performance.now() - pushedAtMs);
    expect(client.getStringAssignment("feature-0", "alice", {}, "none")).toBe(`value-${i}`);
  }
  tookMs.sort((a, b) => a - b);
  expect(tookMs[CHANGES / 2]).toBeLessThan(machine.boundMs(50));
  expect(server.to("/api/")).toHaveLength(1);
});
