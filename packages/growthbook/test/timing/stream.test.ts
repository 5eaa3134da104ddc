import { createClient } from "@sortition/core";
import { createFakeClock } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { growthbook } from "../../src/dialect.js";
import { growthbookSource } from "../../src/source.js";
import { ShopServer } from "../client/shop-server.js";

const CHANGES = 20;

/** Returns a payload of about 100 kB. */
function payloadOf(value: string): string {
  const features = Array.from({ length: 250 }, (_, i): [string, object] => [
    `feature-${i}`,
    { defaultValue: value, rules: [{ condition: { note: "x".repeat(300) }, force: "never" }] },
  ]);
  return JSON.stringify({ features: Object.fromEntries(features) });
}

it("a change of 100 kB is served without waiting for a timer or a request", async () => {
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
    // Its timers never fire, so no change waits for one.
    clock: createFakeClock(),
  });
  await client.waitForInitialization();
  await expect.poll(() => client.status.stream?.isUp).toBe(true);
  for (let i = 0; i < CHANGES; i++) {
    const payload = payloadOf(`value-${i}`);
    const served = new Promise<void>((resolve) => {
      const remove = client.on("configuration-changed", () => {
        remove();
        resolve();
      });
    });
    server.push("features", payload);
    await served;
    expect(client.getStringAssignment("feature-0", "alice", {}, "none")).toBe(`value-${i}`);
  }
  expect(server.to("/api/")).toHaveLength(1);
});
