import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Refusal, sendInParts } from "./parts.js";

/** Sends a refused request in parts to a service that refuses requests with certain items. */
async function run(
  count: number,
  status: number,
  isRefused: (items: readonly number[]) => boolean,
) {
  const items = Array.from({ length: count }, (_, i) => i);
  const delivered: number[] = [];
  const alone: number[] = [];
  const rest: number[] = [];
  let requests = 1;
  const refusal: Refusal<number> = { items, status, error: null };
  await sendInParts(refusal, {
    async send(part) {
      requests += 1;
      if (isRefused(part)) return { ...refusal, items: part };
      delivered.push(...part);
      return null;
    },
    refused: ({ items: refused }, isAlone) => void (isAlone ? alone : rest).push(...refused),
  });
  return { delivered, alone, rest, requests };
}

describe("a refused request that is sent in parts", () => {
  it("delivers 98 of 99 items if one is bad, with about two requests for each halving", async () => {
    const { alone, delivered, requests, rest } = await run(99, 403, (part) => part.includes(42));
    expect([delivered.length, alone, rest]).toEqual([98, [42], []]);
    expect(requests).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(99)));
  });

  it.each([2, 3, 99, 500])(
    "gives %i items up after at most five requests if everything is refused",
    async (count) => {
      const { alone, delivered, requests, rest } = await run(count, 403, () => true);
      expect([delivered, alone, rest.length]).toEqual([[], [], count]);
      expect(requests).toBeLessThanOrEqual(5);
    },
  );

  it("tries each item if the service refuses sizes, because the next item may be smaller", async () => {
    const { alone, delivered } = await run(8, 413, (part) => part.some((it) => it !== 7));
    expect([delivered, alone]).toEqual([[7], [0, 1, 2, 3, 4, 5, 6]]);
  });

  it("loses no good item, unless the samples of both halves are bad", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 60 }),
        fc.uniqueArray(fc.nat(59), { maxLength: 20 }),
        fc.constantFrom(400, 403, 413, 422),
        async (count, numbers, status) => {
          const bad = new Set(numbers.filter((it) => it < count));
          const isBad = (part: readonly number[]): boolean => part.some((it) => bad.has(it));
          const middle = Math.ceil(count / 2);
          fc.pre(bad.size > 0 && !(bad.has(0) && bad.has(middle)));
          const { alone, delivered, rest } = await run(count, status, isBad);
          expect(rest).toEqual([]);
          expect(new Set(alone)).toEqual(bad);
          expect(delivered.length + alone.length).toBe(count);
          expect(new Set(delivered).size).toBe(delivered.length);
        },
      ),
    );
  });
});
