import { describe, expect, it, vi } from "vitest";
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

  it("looks for each part once, even for a key that nearly matches", () => {
    const isIncluded = flagFilter({ include: [`${"*a".repeat(20)}*b`], exclude: [] });
    const indexOf = vi.spyOn(String.prototype, "indexOf");
    const has = isIncluded("a".repeat(100_000));
    const { length } = indexOf.mock.calls;
    indexOf.mockRestore();
    expect([has, length]).toEqual([false, 20]);
  });
});
