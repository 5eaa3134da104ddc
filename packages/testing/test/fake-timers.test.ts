import { afterEach, describe, expect, it, vi } from "vitest";
import { subjectsIn, testFlags } from "../src/index.js";

afterEach(() => vi.useRealTimers());

// Jest's and sinon's are tested with the packed package, in test/packed.
describe("a test runner's fake timers", () => {
  it("set the time of clients without a clock, and of searches", () => {
    vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
    const flags = testFlags();
    flags.boolean("sale").on();
    const payload = JSON.parse(flags.payload());
    payload.flags.sale.allocations[0].startAt = "2026-06-01T00:00:00Z";
    const client = flags.set(payload).client();
    expect(client.getBooleanAssignment("sale", "user-1", {}, false)).toBe(false);
    expect(() => subjectsIn(client, "sale", true, { maxTries: 1 })).toThrow(/none of 1/);
    vi.setSystemTime("2026-07-01T00:00:00Z");
    expect(client.getBooleanAssignment("sale", "user-1", {}, false)).toBe(true);
    expect(subjectsIn(client, "sale", true)).toEqual(["subject-1"]);
  });
});
