import { describe, expect, it } from "vitest";
import { flagFilter } from "./flag-filter.js";

describe("flagFilter", () => {
  it.each([
    { include: null, exclude: [], key: "checkout", has: true },
    { include: [], exclude: [], key: "checkout", has: false },
    { include: ["check"], exclude: [], key: "checkout", has: false },
    { include: ["check*"], exclude: [], key: "checkout", has: true },
    { include: ["*"], exclude: ["internal-*"], key: "internal-ai", has: false },
    { include: ["internal-ai"], exclude: ["internal-*"], key: "internal-ai", has: false },
    { include: ["*-web"], exclude: [], key: "checkout-web", has: true },
    { include: ["a*b*c"], exclude: [], key: "abc", has: true },
    { include: ["a*b*c"], exclude: [], key: "acb", has: false },
    { include: ["ab*ba"], exclude: [], key: "aba", has: false },
    { include: ["a.c"], exclude: [], key: "abc", has: false },
    { include: ["*"], exclude: [], key: "__proto__", has: true },
  ])(
    "for $key with include $include and exclude $exclude returns $has",
    ({ exclude, has, include, key }) => {
      expect(flagFilter({ include, exclude })(key)).toBe(has);
    },
  );

  it("takes linear time for a key that nearly matches", () => {
    const before = process.cpuUsage();
    const isIncluded = flagFilter({ include: [`${"*a".repeat(20)}*b`], exclude: [] });
    expect(isIncluded("a".repeat(100_000))).toBe(false);
    expect(process.cpuUsage(before).user).toBeLessThan(200_000);
  });
});
