import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoundedQueue, type OverflowPolicy, type QueueLimits } from "./bounded-queue.js";

interface Item {
  readonly name: string;
  readonly sizeBytes: number;
}

function setUp(limits: Partial<QueueLimits> = {}) {
  const queue = new BoundedQueue<Item>({
    maxItems: 3,
    maxBytes: 100,
    overflow: "drop-newest",
    ...limits,
  });
  const evicted: string[] = [];
  return {
    queue,
    evicted,
    offer: (name: string, sizeBytes = 1) =>
      queue.offer({ name, sizeBytes }, (item) => evicted.push(item.name)),
  };
}

describe("BoundedQueue", () => {
  it("returns items in the order in which they were added", () => {
    const { queue, offer } = setUp();
    for (const name of ["a", "b", "c"]) offer(name);
    expect([0, 1, 2, 3].map((place) => queue.peek(place)?.name)).toEqual([
      "a",
      "b",
      "c",
      undefined,
    ]);
    expect(queue.peek()?.name).toBe("a");
    expect([queue.shift(), queue.shift(), queue.shift()].map((item) => item?.name)).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect([queue.peek(), queue.shift(), queue.length]).toEqual([undefined, undefined, 0]);
  });

  it.each<{ overflow: OverflowPolicy; refusal: string | null; gone: string[]; kept: string }>([
    { overflow: "drop-newest", refusal: "overflow", gone: [], kept: "abc" },
    { overflow: "drop-oldest", refusal: null, gone: ["a"], kept: "bcd" },
  ])(
    "returns $refusal when full by number, with $overflow",
    ({ overflow, refusal, gone, kept }) => {
      const { queue, evicted, offer } = setUp({ overflow });
      for (const name of ["a", "b", "c"]) offer(name);
      expect(offer("d")).toBe(refusal);
      expect(evicted).toEqual(gone);
      expect([queue.shift(), queue.shift(), queue.shift()].map((item) => item?.name).join("")).toBe(
        kept,
      );
    },
  );

  it("drops old items until the new one fits by size", () => {
    const { queue, evicted, offer } = setUp({ overflow: "drop-oldest" });
    for (const name of ["a", "b", "c"]) offer(name, 30);
    expect(offer("d", 60)).toBeNull();
    expect([evicted, queue.length, queue.heldBytes]).toEqual([["a", "b"], 2, 90]);
  });

  it("refuses an item that is larger than the bound, and keeps the others", () => {
    const { queue, evicted, offer } = setUp({ overflow: "drop-oldest" });
    offer("a");
    expect([offer("b", 101), evicted, queue.length]).toEqual(["too-large", [], 1]);
  });

  it("counts a lent item until it is released", () => {
    const { queue, offer } = setUp({ maxItems: 1, overflow: "drop-oldest" });
    offer("a", 40);
    const lent = queue.lend();
    expect([queue.length, queue.heldBytes, queue.refusesAll, offer("b")]).toEqual([
      0,
      40,
      true,
      "overflow",
    ]);
    queue.release(lent!); // "a" was added above
    expect([queue.heldBytes, queue.refusesAll, offer("b")]).toEqual([0, false, null]);
  });

  it("puts items back before the others, and drops the oldest if there is no room for all", () => {
    const { queue, evicted, offer } = setUp();
    for (const name of ["a", "b"]) offer(name);
    const removed = [queue.shift()!, queue.shift()!]; // "a" and "b" were added above
    for (const name of ["c", "d"]) offer(name);
    queue.putBack(removed, (item) => evicted.push(item.name));
    expect([evicted, queue.length, queue.heldBytes]).toEqual([["a"], 3, 3]);
    expect([queue.shift(), queue.shift(), queue.shift()].map((item) => item?.name)).toEqual([
      ...["b", "c", "d"],
    ]);
  });

  it("never exceeds its bounds, whatever the sequence of calls", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("offer" as const), sizeBytes: fc.nat(30) }),
      fc.record({ do: fc.constantFrom("shift" as const, "lend" as const, "release" as const) }),
    );
    const policies = fc.constantFrom<OverflowPolicy>("drop-oldest", "drop-newest");
    fc.assert(
      fc.property(fc.array(step), policies, (steps, overflow) => {
        const queue = new BoundedQueue<Item>({ maxItems: 5, maxBytes: 60, overflow });
        const model: Item[] = [];
        const lent: Item[] = [];
        for (const [index, it] of steps.entries()) {
          if (it.do === "offer") {
            const item = { name: `${index}`, sizeBytes: it.sizeBytes };
            const evict = (item: Item): void => {
              expect(item).toBe(model.shift());
            };
            if (queue.offer(item, evict) === null) model.push(item);
          } else if (it.do === "shift") expect(queue.shift()).toBe(model.shift());
          else if (it.do === "lend") {
            const item = queue.lend();
            expect(item).toBe(model.shift());
            if (item !== undefined) lent.push(item);
          } else {
            const item = lent.shift();
            if (item !== undefined) queue.release(item);
          }
          const held = [...model, ...lent];
          expect(queue.length).toBe(model.length);
          expect(queue.heldBytes).toBe(held.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
          expect(held.length).toBeLessThanOrEqual(5);
          expect(queue.heldBytes).toBeLessThanOrEqual(60);
        }
      }),
    );
  });
});
