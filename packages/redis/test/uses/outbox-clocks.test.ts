import { isLong } from "@sortition/test-kit";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, it } from "vitest";
import { expectAllDelivered } from "./outbox-clocks.js";

describe.skipIf(!hasRedis)(
  "an outbox whose processes have clocks that jump, drift and stand still",
  () => {
    it("delivers each exposure, with at most twice as many deliveries", async () => {
      await using server = await startRedis();
      await expectAllDelivered(server, { forMs: isLong ? 15_000 : 3_000, seed: 63 });
    });
  },
);
