import { hasRedis } from "@sortition/test-kit/redis";
import { describe, it } from "vitest";
import { describeFleet, expectOneDownloadPerChange } from "./fleet-plan.js";

describeFleet("eight workers over Redis", 8);

describe.skipIf(!hasRedis)("eight workers over Redis with a cohort of 200,000 members", () => {
  it("download it once per change, and not at all for a changed flag", async () => {
    await expectOneDownloadPerChange({
      ...{ workers: 8, members: 200_000, maxPayloadBytes: 64 * 1_048_576 },
      ...{ cohortClockRate: 6, timeoutMs: 200_000 },
    });
  });
});
