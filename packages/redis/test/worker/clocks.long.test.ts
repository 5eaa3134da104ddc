import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, it } from "vitest";
import { expectNothingMissed } from "./clock-day.js";

describe.skipIf(!hasRedis)("a fleet whose clocks jump, drift and stand still", () => {
  it("misses no change, at no more than twice the requests", async () => {
    await using server = await startRedis();
    await expectNothingMissed(server, { intervals: 40, seed: 63 });
  });
});
