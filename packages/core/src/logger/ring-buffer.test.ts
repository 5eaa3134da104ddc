import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OverflowPolicy, RingBuffer } from "./ring-buffer.js";

describe("RingBuffer", () => {
  it.each([
    { policy: "drop-newest" as const, evicted: 3, kept: [1, 2] },
    { policy: "drop-oldest" as const, evicted: 1, kept: [2, 3] },
  ])("with $policy gives $evicted back when it is full", ({ policy, evicted, kept }) => {
    const buffer = new RingBuffer<number>(2, policy);
    expect([buffer.push(1), buffer.push(2), buffer.push(3)]).toEqual([
      undefined,
      undefined,
      evicted,
    ]);
    expect([buffer.peek(), buffer.shift(), buffer.shift(), buffer.shift()]).toEqual([
      kept[0],
      ...kept,
      undefined,
    ]);
  });

  it("is a queue that never holds more than it may", () => {
    const policies = fc.constantFrom<OverflowPolicy>("drop-newest", "drop-oldest");
    const steps = fc.array(fc.boolean(), { maxLength: 100 });
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 5 }), steps, (policy, capacity, isPush) => {
        const buffer = new RingBuffer<number>(capacity, policy);
        const model: number[] = [];
        for (const [i, push] of isPush.entries()) {
          if (push) {
            const isFull = model.length === capacity;
            const lost = isFull ? (policy === "drop-newest" ? i : model.shift()) : undefined;
            if (lost !== i) model.push(i);
            expect(buffer.push(i)).toBe(lost);
          } else expect(buffer.shift()).toBe(model.shift());
          expect([buffer.size, buffer.peek()]).toEqual([model.length, model[0]]);
        }
      }),
    );
  });
});
