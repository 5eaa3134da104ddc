import type { Settle } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import type { InnerLogger } from "../inner-logger.js";
import { Appender } from "./appender.js";
import type { StoredExposure } from "./entry.js";
import type { OutboxStream } from "./stream.js";
import { OutboxVendor } from "./vendor.js";

const exposure: StoredExposure = { id: "id", kind: "assignment", event: "{}" };

/** Creates a vendor whose Redis accepts everything, and counts delivered exposures. */
function setUp() {
  let delivered = 0;
  const appender: Pick<Appender, "append"> = { append: async (exposures) => new Set(exposures) };
  const vendor = new OutboxVendor({
    appender: appender as Appender, // the vendor uses no other members
    inner: {} as InnerLogger, // only called at the end
    count() {},
    end: async () => {},
  });
  const settle: Settle = {
    handOver: (call) => call(),
    delivered() {
      delivered += 1;
    },
    failed() {},
    retry() {},
    refused() {},
  };
  return { send: () => vendor.send(exposure, settle), delivered: () => delivered };
}

describe("OutboxVendor", () => {
  it.each(Array.from({ length: 12 }, (_, turns) => turns))(
    "appends exposures that are sent %s microtasks after another one",
    async (turns) => {
      const { delivered, send } = setUp();
      send();
      for (let i = 0; i < turns; i++) await Promise.resolve();
      send();
      await new Promise(setImmediate);
      expect(delivered()).toBe(2);
    },
  );

  it("appends no exposure that it has handed over before its call was sent", async () => {
    const appended: unknown[] = [];
    let connect = (): void => {};
    const connected = new Promise<void>((resolve) => {
      connect = resolve;
    });
    const stream = {
      settled: () => connected,
      append: async (_call: unknown, exposures: readonly unknown[]) => appended.push(...exposures),
    };
    const logged: unknown[] = [];
    const vendor = new OutboxVendor({
      appender: new Appender(stream as unknown as OutboxStream), // the appender uses no other members
      inner: { log: async (event: unknown) => void logged.push(event) } as unknown as InnerLogger,
      count() {},
      end: async () => {},
    });
    const nothing = (): void => {};
    const settle: Settle = {
      ...{ delivered: nothing, failed: nothing, retry: nothing, refused: nothing },
      handOver: (call) => call(),
    };
    vendor.send(exposure, settle);
    await Promise.resolve();
    vendor.handOverDirectly();
    await new Promise(setImmediate);
    connect();
    await new Promise(setImmediate);
    expect([logged.length, appended]).toEqual([1, []]);
  });
});
