import { describe, expect, it } from "vitest";
import { createClock } from "./clock.js";
import { type Diagnostics, type Facts, limitDiagnostics, reportOutage } from "./diagnostics.js";

function setUp() {
  const state = { nowMs: 0 };
  const reports: (readonly [string, string, Facts | undefined])[] = [];
  const note = (level: string) => (message: string, facts?: Facts) => {
    reports.push([level, message, facts]);
  };
  const target: Diagnostics = {
    debug: note("debug"),
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
  };
  const clock = createClock({ monotonicMs: () => state.nowMs });
  return { state, reports, limited: limitDiagnostics(target, clock) };
}

describe("limitDiagnostics", () => {
  it("passes a cause on when it first occurs", () => {
    const { limited, reports } = setUp();
    limited.warn("refresh failed", { code: "A" });
    expect(reports).toEqual([["warn", "refresh failed", { code: "A" }]]);
  });

  it("suppresses a cause for ten minutes, then reports how often it occurred", () => {
    const { limited, reports, state } = setUp();
    for (const nowMs of [0, 1, 599_999, 600_000]) {
      state.nowMs = nowMs;
      limited.warn("refresh failed", { code: "A" });
    }
    expect(reports.map(([, , facts]) => facts)).toEqual([
      { code: "A" },
      { code: "A", repeated: 2 },
    ]);
  });

  it.each([
    { facts: { code: "B" }, because: "the code differs" },
    { facts: { code: "A", httpStatus: 500 }, because: "the status differs" },
    { facts: { code: "A", part: "bandits" }, because: "the part differs" },
    { facts: { code: "A", systemCode: "ENOSPC" }, because: "the system code differs" },
  ])("distinguishes causes, because $because", ({ facts }) => {
    const { limited, reports } = setUp();
    limited.warn("refresh failed", { code: "A" });
    limited.warn("refresh failed", facts);
    expect(reports).toHaveLength(2);
  });

  it("does not distinguish causes by other facts", () => {
    const { limited, reports } = setUp();
    limited.error("logger failed", { code: "A", flag: "f" });
    limited.error("logger failed", { code: "A", flag: "g" });
    expect(reports).toHaveLength(1);
  });

  it("passes on the end of each outage if it passed on the beginning", () => {
    const { limited, reports, state } = setUp();
    for (const nowMs of [0, 1_000, 599_999, 600_000, 601_000]) {
      state.nowMs = nowMs;
      const facts = { code: "A" };
      const isReported = reportOutage(limited, "warn", "delivery fails", facts);
      if (isReported) limited.warn("delivery works again", { outageMs: 500 });
    }
    expect(reports.map(([, message]) => message)).toEqual([
      ...["delivery fails", "delivery works again"],
      ...["delivery fails", "delivery works again"],
    ]);
  });

  it.each(["debug", "info"] as const)("passes on every %s", (level) => {
    const { limited, reports } = setUp();
    limited[level]("ready");
    limited[level]("ready");
    expect(reports).toHaveLength(2);
  });

  it.each([
    {
      report: () => {
        throw new Error("no");
      },
      because: "it throws",
    },
    { report: () => Promise.reject(new Error("no")), because: "it rejects" },
  ])("accepts a target although $because", ({ report }) => {
    const target: Diagnostics = { debug: report, info: report, warn: report, error: report };
    const limited = limitDiagnostics(target, createClock());
    expect(() => {
      for (const level of ["debug", "info", "warn", "error"] as const) limited[level]("x");
    }).not.toThrow();
  });

  it("calls a target with itself as this", () => {
    class Target implements Diagnostics {
      count = 0;
      debug(): void {}
      info(): void {}
      warn(): void {
        this.count += 1;
      }
      error(): void {}
    }
    const target = new Target();
    limitDiagnostics(target, createClock()).warn("x");
    expect(target.count).toBe(1);
  });
});
