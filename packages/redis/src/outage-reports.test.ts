import type { Facts } from "@sortition/core/internal";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { RedisError } from "./errors/redis-error.js";
import { OutageReports } from "./outage-reports.js";

describe("OutageReports", () => {
  it("reports the start and the end of an outage as warnings, the end with its duration", async () => {
    const clock = createFakeClock();
    const lines: (readonly [level: string, message: string, facts: Facts | undefined])[] = [];
    const at = (level: string) => (message: string, facts?: Facts) =>
      void lines.push([level, message, facts]);
    const diagnostics = {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
    };
    const texts = {
      begun: "store unreachable",
      ended: "store reachable again",
      facts: { part: "a" },
    };
    const reports = new OutageReports({ clock, diagnostics }, texts);
    const error = new RedisError("SORTITION_REDIS_TIMEOUT", "no answer");
    const facts = { part: "a", code: "SORTITION_REDIS_TIMEOUT", reason: "no answer" };

    reports.note(null);
    reports.note(error);
    await clock.advance(1_500);
    reports.note(error);
    reports.note(null);
    reports.note(null);
    expect(lines).toEqual([
      ["warn", "store unreachable", facts],
      ["warn", "store reachable again", { part: "a", outageMs: 1_500 }],
    ]);
  });
});
