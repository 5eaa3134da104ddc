import type { Settle } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import type { InnerLogger } from "../inner-logger.js";
import type { Appender } from "./appender.js";
import type { StoredExposure } from "./entry.js";
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
});
