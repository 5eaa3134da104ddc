import { describe, expect, it } from "vitest";
import { Assignment } from "./assignment.js";

describe("Assignment", () => {
  it("copies the attributes once for all loggers that create events later", () => {
    let reads = 0;
    const attributes = {
      get plan() {
        reads += 1;
        return `plan ${reads}`;
      },
    };
    const assignment = new Assignment(
      { experiment: null, featureFlag: null, allocation: null, variation: "on", extraLogging: {} },
      {
        flagKey: "flag",
        subject: { key: "alice", attributes },
        configuration: {},
        nowMs: () => 0,
      },
      "flag",
      { sdkLanguage: "javascript", sdkName: "test", sdkLibVersion: "1.0.0" },
      null,
    );
    expect([assignment.capture(), assignment.capture()]).toEqual([true, true]);
    expect(assignment.event.subjectAttributes).toEqual({ plan: "plan 1" });
    expect(reads).toBe(1);
  });
});
