import { describe, expect, it } from "vitest";
import { UsageError } from "../../errors.js";
import { parseDedupe } from "./dedupe.js";

describe("parseDedupe", () => {
  it.each([
    { text: "none", policy: null },
    { text: "non-expiring", policy: { max: Number.POSITIVE_INFINITY } },
    { text: "lru:0", policy: { max: 0 } },
    { text: "lru:50000", policy: { max: 50_000 } },
    { text: "expiring:10:600000", policy: { max: 10, ttlMs: 600_000 } },
  ])("reads $text", ({ text, policy }) => {
    expect(parseDedupe("--dedupe", text)).toEqual(policy);
  });

  it.each([
    "",
    "lru",
    "lru:",
    "lru:-1",
    "lru:1.5",
    "lru:1e3",
    "lru:1:2",
    "LRU:1",
    "none:1",
    "non-expiring:1",
    "expiring:1",
    "expiring:1:0",
    "expiring:1:2:3",
    "lru:99999999999999999999",
  ])("refuses %j", (text) => {
    expect(() => parseDedupe("--dedupe", text)).toThrow(UsageError);
  });
});
