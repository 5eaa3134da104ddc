import { expect, it } from "vitest";
import type { LoggerHarness } from "./harness.js";

/** The options that all loggers have are checked when a logger is created. */
export function itChecksOptions(harness: LoggerHarness): void {
  it.each([
    { overflow: "block" },
    { includeSubjectAttributes: 7 },
    { dedupe: "week" },
    { mapAssignment: {} },
    { mapBandit: "x" },
  ])("rejects the options %o", (options) => {
    const [option] = Object.keys(options);
    expect(() => harness.create("http://127.0.0.1", options)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });
}
