import { hasRedis } from "@sortition/test-kit/redis";
import { describe, it } from "vitest";
import { expectDownloadsOfLargeCohort, expectOneDownloadPerChange } from "./fleet-plan.js";

const MIB = 1_048_576;
const common = { members: 20_000, cohortClockRate: 30, mayStartLate: false, timeoutMs: 60_000 };

// Without a redis-server the run says so, and counts what is left out.
describe.skipIf(!hasRedis)("eight workers over Redis", () => {
  it("download a cohort once per change, and move none for a changed flag", async () => {
    await expectOneDownloadPerChange({ ...common, maxPayloadBytes: 64 * MIB });
  });

  it("download a cohort above the bound each, and say so once", async () => {
    await expectDownloadsOfLargeCohort({ ...common, maxPayloadBytes: MIB / 4 });
  });
});
