import { expect, it } from "vitest";
import { RateLimiter } from "../../src/exceptions/rate-limiter.js";

it("RateLimiter allows a burst of each type, and some more in each interval", () => {
  const limiter = new RateLimiter({ bucketSize: 3, refillRate: 2 });
  const allowedAt = (nowMs: number, type = "Error"): number => {
    let count = 0;
    while (limiter.allows(type, nowMs)) count += 1;
    return count;
  };
  expect(allowedAt(0)).toBe(3);
  expect(allowedAt(9_999)).toBe(0);
  expect(allowedAt(10_000)).toBe(2);
  expect(allowedAt(10_000, "TypeError")).toBe(3);
  expect(allowedAt(60_000)).toBe(3);
});
