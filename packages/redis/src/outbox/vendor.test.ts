import { describe, expect, it } from "vitest";
import type { InnerLogger } from "../inner-logger.js";
import type { Appender } from "./appender.js";
import type { StoredExposure } from "./entry.js";
import { OutboxVendor } from "./vendor.js";

const exposure: StoredExposure = { id: "id", kind: "assignment", event: "{}" };

/** A vendor whose Redis takes everything, and the number of what was delivered. */
function setUp() {
  let delivered = 0;
  const appender: Pick<Appender, "append"> = { append: async (exposures) => new Set(exposures) };
  const vendor = new OutboxVendor({
    appender: appender as Appender, // the vendor only appends
    inner: {} as InnerLogger, // it is called only at the end
    count() {},
    end: async () => {},
  });
  const settle = {
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
    "appends what is sent %s microtasks after an exposure",
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
