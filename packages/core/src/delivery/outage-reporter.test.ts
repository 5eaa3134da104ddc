import { describe, expect, it } from "vitest";
import { createClock } from "../runtime/clock.js";
import { OutageReporter } from "./outage-reporter.js";

function reportOf(error: unknown): unknown {
  const reports: unknown[] = [];
  const diagnostics = {
    debug() {},
    info() {},
    warn: (message: string, facts: unknown) => reports.push({ message, facts }),
    error() {},
  };
  new OutageReporter("mine", createClock(undefined), diagnostics).failed(error);
  return reports;
}

describe("the report of a delivery that failed", () => {
  it.each(["TimeoutError", "AbortError"])(
    "has the code of a time-out for a %s of a library",
    (name) => {
      expect(
        reportOf(new DOMException("The operation was aborted: https://key@host", name)),
      ).toEqual([
        {
          message: "delivery fails",
          facts: {
            logger: "mine",
            failed: 1,
            code: "SORTITION_TIMEOUT",
          },
        },
      ]);
    },
  );

  it("shows no message of a library, which may contain its URL", () => {
    expect(reportOf(new Error("https://key@host"))).toEqual([
      {
        message: "delivery fails",
        facts: { logger: "mine", failed: 1, code: "SORTITION_LOGGER" },
      },
    ]);
  });
});
