import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { BatchSender, type BatchSenderOptions, type SendResult } from "./batch-sender.js";

interface Item {
  readonly name: string;
  readonly sizeBytes: number;
}

const ERROR = new Error("down");
const RETRY: SendResult<Item> = { kind: "retry", error: ERROR, retryAfterMs: null };
const REFUSED: SendResult<Item> = { kind: "refused", error: ERROR, retryAfterMs: null };
const TOO_LARGE: SendResult<Item> = { kind: "too-large", error: ERROR, retryAfterMs: null };
const DELIVERED: SendResult<Item> = { kind: "delivered" };

const OPTIONS: BatchSenderOptions = {
  queue: { maxItems: 6, maxBytes: 600, overflow: "drop-oldest" },
  batch: { maxItems: 3, maxBytes: 300 },
  flushAt: 3,
  flushIntervalMs: 1_000,
  tries: 2,
  pauseMs: (failures) => 100 * failures,
  undelivered: "first",
  holdMs: 0,
};

/** @param results - results of the requests, in order. Further requests deliver. A function receives the items. */
function setUp(
  options: Partial<BatchSenderOptions> = {},
  ...results: (SendResult<Item> | ((items: readonly Item[]) => SendResult<Item>))[]
) {
  const clock = createFakeClock();
  const calls: string[] = [];
  const namesOf = (items: readonly Item[]): string => items.map(({ name }) => name).join("");
  const sender = new BatchSender<Item>(
    { ...OPTIONS, ...options },
    {
      clock,
      async send(items, signal) {
        calls.push(`send ${namesOf(items)}`);
        if (signal.aborted) return RETRY;
        const result = results.shift() ?? DELIVERED;
        return typeof result === "function" ? result(items) : result;
      },
      onEnded: (items, { kind }) => calls.push(`${kind} ${namesOf(items)}`),
      onDropped: (reason, count) => calls.push(`${count} ${reason}`),
      onFlushed: () => calls.push("flushed"),
    },
  );
  const add = (names: string): void => {
    for (const name of names) sender.add({ name, sizeBytes: 100 });
  };
  const expectConserved = (): void => {
    const { accepted, delivered, dropped } = sender.counts;
    const { inFlight, queued } = sender.stats;
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    expect(accepted).toBe(delivered + lost + queued + inFlight);
  };
  return { add, calls, clock, expectConserved, sender };
}

describe("BatchSender", () => {
  it("sends a full batch at once, and a smaller one after the interval", async () => {
    const { add, calls, clock, expectConserved } = setUp();
    add("ab");
    await clock.advance(999);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(calls).toEqual(["send ab", "delivered ab", "flushed"]);
    add("cde");
    await clock.advance(0);
    expect(calls.slice(3)).toEqual(["send cde", "delivered cde", "flushed"]);
    expect(clock.pending).toEqual([]);
    expectConserved();
  });

  it("limits the bytes of a batch, except for a single large item", async () => {
    const { add, calls, sender } = setUp({ batch: { maxItems: 3, maxBytes: 250 }, flushAt: 9 });
    add("abc");
    sender.add({ name: "X", sizeBytes: 300 });
    expect(await sender.send()).toBeNull();
    expect(calls.filter((call) => call.startsWith("send"))).toEqual([
      "send ab",
      "send c",
      "send X",
    ]);
  });

  it("repeats a request after a pause, or as long as the response asks, and keeps its items first", async () => {
    const asked: SendResult<Item> = { ...RETRY, retryAfterMs: 500 };
    const { add, calls, clock, expectConserved, sender } = setUp({ tries: 3 }, RETRY, asked, RETRY);
    add("abc");
    await clock.advance(100);
    expect(calls).toEqual(["send abc", "send abc"]);
    expect(sender.stats).toMatchObject({ inFlight: 3, queued: 0, queuedBytes: 0 });
    await clock.advance(499);
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    expect(calls.slice(2)).toEqual(["send abc", "retry abc"]);
    add("d");
    expectConserved();
    await clock.advance(1_000);
    expect(calls.slice(4)).toEqual([
      "send abc",
      "delivered abc",
      "send d",
      "delivered d",
      "flushed",
    ]);
    expectConserved();
  });

  it("repeats only the items that were not accepted", async () => {
    const partly = (items: readonly Item[]): SendResult<Item> => {
      return { kind: "partly", rejected: items.slice(1), error: ERROR };
    };
    const { add, calls, clock, expectConserved, sender } = setUp({}, partly, partly);
    add("abc");
    await clock.advance(100);
    expect(calls).toEqual(["send abc", "send bc", "partly abc"]);
    expect(sender.counts.delivered).toBe(2);
    expect(sender.stats).toMatchObject({ queued: 1, queuedBytes: 100 });
    expectConserved();
  });

  it("halves batches permanently when one is too large, and drops a single item", async () => {
    const { add, calls, expectConserved, sender } = setUp({}, TOO_LARGE, TOO_LARGE);
    add("abc");
    expect(await sender.flush(1_000)).toBe(ERROR);
    expect(await sender.flush(1_000)).toBeNull();
    expect(calls.filter((call) => call !== "flushed")).toEqual([
      "send abc",
      "send a",
      "too-large a",
      "1 too-large",
      ...["send b", "delivered b", "send c", "delivered c"],
    ]);
    expectConserved();
  });

  it("drops refused items, and sends the next ones after the interval", async () => {
    const { add, calls, clock, expectConserved, sender } = setUp({}, REFUSED);
    add("abcd");
    expect(await sender.flush(1_000)).toBe(ERROR);
    await clock.advance(999);
    expect(calls).toEqual(["send abc", "refused abc", "3 refused"]);
    await clock.advance(1);
    expect(calls.slice(3)).toEqual(["send d", "delivered d", "flushed"]);
    expectConserved();
  });

  it("reports a refusal to one of several flushes, and the others continue", async () => {
    const { add, calls, sender } = setUp({}, REFUSED, REFUSED);
    add("abcdefg"); // one item too many, so the oldest is dropped
    const flushes = [sender.flush(1_000), sender.flush(1_000), sender.flush(1_000)];
    expect(await Promise.all(flushes)).toEqual([ERROR, ERROR, null]);
    expect(calls.filter((call) => call.startsWith("send"))).toEqual(["send bcd", "send efg"]);
  });

  it("does not report a refusal to a flush that began after the request", async () => {
    const { add, calls, clock, sender } = setUp({}, REFUSED);
    add("abc");
    await clock.advance(0);
    add("d");
    expect(await sender.flush(1_000)).toBeNull();
    expect(calls.at(-2)).toBe("delivered d");
  });

  it("sends no full batch by itself while a flush is prepared", async () => {
    const { add, calls, clock, sender } = setUp({}, REFUSED);
    let prepared = (): void => {};
    const preparing = new Promise<void>((resolve) => {
      prepared = resolve;
    });
    const flushing = sender.flush(1_000, () => preparing);
    add("abc");
    await clock.advance(0);
    expect(calls).toEqual([]);
    prepared();
    expect(await flushing).toBe(ERROR);
    expect(calls[0]).toBe("send abc");
  });

  describe("with an item that the server never accepts", () => {
    const poison = (items: readonly Item[]): SendResult<Item> =>
      items.some(({ name }) => name === "p") ? RETRY : DELIVERED;
    const always = Array.from({ length: 40 }, () => poison);

    it.each(["pabcde", "abpcde", "abcdep"])("delivers all others: %s", async (names) => {
      for (const undelivered of ["first", "last"] as const) {
        for (const maxItems of [1, 3, 6]) {
          const batch = { maxItems, maxBytes: 600 };
          const options = { batch, flushAt: 9, tries: 1, undelivered };
          const { add, calls, expectConserved, sender } = setUp(options, ...always);
          add(names);
          for (let i = 0; i < 4; i++) await sender.flush(1_000);
          expect(sender.counts.delivered).toBe(5);
          expect(sender.stats).toMatchObject({ queued: 1, inFlight: 0 });
          add("f");
          await sender.flush(1_000);
          await sender.flush(1_000);
          const last = calls.length;
          add("g");
          await sender.drain(60_000);
          expect(calls.length).toBeLessThan(last + 12);
          expect(sender.counts).toMatchObject({ delivered: 7, dropped: { closed: 1 } });
          expectConserved();
        }
      }
    });

    it("stops draining if the server accepts none", async () => {
      for (const maxItems of [1, 3, 6]) {
        const options = { batch: { maxItems, maxBytes: 600 }, flushAt: 9, tries: 1 };
        const { add, calls, expectConserved, sender } = setUp(options, ...always.map(() => RETRY));
        add("abcdef");
        await sender.drain(60_000);
        expect(calls.filter((call) => call.startsWith("send")).length).toBeLessThan(7);
        expect(sender.counts).toMatchObject({ delivered: 0, dropped: { closed: 6 } });
        expectConserved();
      }
    });
  });

  it("bounds only waiting items, because items in flight do not count", async () => {
    const queue = { maxItems: 3, maxBytes: 300, overflow: "drop-oldest" } as const;
    const { add, calls, clock, expectConserved } = setUp({ queue, tries: 1 }, () => {
      add("def");
      return DELIVERED;
    });
    add("abc");
    await clock.advance(0);
    expect(calls.filter((call) => !call.startsWith("flushed"))).toEqual([
      ...["send abc", "delivered abc", "send def", "delivered def"],
    ]);
    expectConserved();
  });

  it("drops the oldest items if those of a failed request no longer fit", async () => {
    const { add, calls, clock, expectConserved, sender } = setUp({ tries: 1 }, () => {
      add("defg");
      return RETRY;
    });
    add("abc");
    await clock.advance(0);
    expect(calls).toEqual(["send abc", "retry abc", "1 overflow"]);
    expect(sender.stats).toMatchObject({ queued: 6, queuedBytes: 600 });
    await sender.flush(1_000);
    expect(calls.filter((call) => call.startsWith("delivered"))).toEqual([
      "delivered bcd",
      "delivered efg",
    ]);
    expectConserved();
  });

  it("returns the items of the next full batch", async () => {
    const { add, sender } = setUp({ flushAt: 9 });
    add("ab");
    expect(sender.upcoming()).toBeNull();
    add("cd");
    expect(sender.upcoming()?.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  describe("with an interval only", () => {
    const options: Partial<BatchSenderOptions> = {
      flushAt: null,
      undelivered: "last",
      queue: { maxItems: 5, maxBytes: 600, overflow: "drop-newest" },
    };

    it("sends one batch each time", async () => {
      const { add, calls, clock } = setUp(options);
      add("abcd");
      await clock.advance(1_000);
      expect(calls).toEqual(["send abc", "delivered abc"]);
      await clock.advance(1_000);
      expect(calls.slice(2)).toEqual(["send d", "delivered d"]);
    });

    it("starts the next interval when an item is added while a batch is being sent", async () => {
      const { add, calls, clock } = setUp({ ...options, tries: 2, pauseMs: () => 700 }, RETRY);
      add("a");
      await clock.advance(1_000);
      add("b");
      await clock.advance(700);
      expect(calls).toEqual(["send a", "send a", "delivered a"]);
      await clock.advance(300);
      expect(calls.slice(3)).toEqual(["send b", "delivered b"]);
    });

    it("puts undelivered items after the others, as far as there is room", async () => {
      const { add, calls, clock, expectConserved } = setUp({ ...options, tries: 1 }, () => {
        add("fgh");
        return RETRY;
      });
      add("abcde");
      await clock.advance(1_000);
      // Items in flight do not count.
      expect(calls).toEqual(["send abc", "retry abc", "3 overflow"]);
      expectConserved();
      await clock.advance(2_000);
      expect(calls.slice(3)).toEqual(["send def", "delivered def", "send gh", "delivered gh"]);
    });
  });

  describe("flush", () => {
    it("resolves with the error that prevents delivery", async () => {
      const { add, sender } = setUp({ tries: 1 }, RETRY);
      add("a");
      expect(await sender.flush(1_000)).toBe(ERROR);
    });

    it("waits until its deadline, keeps the process alive while it waits, and continues sending", async () => {
      const { add, calls, clock, sender } = setUp({}, RETRY);
      add("a");
      const flushing = sender.flush(50);
      expect(clock.pending).toContainEqual({ inMs: 50, holdsProcess: true });
      await clock.advance(50);
      expect(await flushing).toBeNull();
      await clock.advance(50);
      expect(calls.at(-2)).toBe("delivered a");
    });
  });

  it.each([
    { what: "a full batch", names: "abc", afterMs: 0 },
    { what: "the interval", names: "a", afterMs: 1_000 },
  ])("keeps the process alive through all tries that $what starts", async ({ afterMs, names }) => {
    const { add, clock } = setUp({ holdMs: 60_000 }, RETRY);
    add(names);
    await clock.advance(afterMs);
    const holding = () => clock.pending.filter(({ holdsProcess }) => holdsProcess);
    expect(holding()).toEqual([{ inMs: 60_000, holdsProcess: true }]);
    await clock.advance(100);
    expect(holding()).toEqual([]);
  });

  describe("drain", () => {
    it("also sends the items after a refusal", async () => {
      const { add, calls, expectConserved, sender } = setUp({}, REFUSED);
      add("abcd");
      await sender.drain(1_000);
      expect(calls).toEqual([
        "send abc",
        "refused abc",
        "3 refused",
        "send d",
        "delivered d",
        "flushed",
      ]);
      expectConserved();
    });

    it("sends items that are added in the meantime, and continues afterwards", async () => {
      const { add, calls, clock, expectConserved, sender } = setUp({}, () => {
        add("b");
        return DELIVERED;
      });
      add("a");
      const draining = sender.drain(1_000);
      await draining;
      const drained = ["send a", "delivered a", "flushed", "send b", "delivered b", "flushed"];
      expect(calls).toEqual(drained);
      add("c");
      await clock.advance(1_000);
      expect(calls).toEqual([...drained, "send c", "delivered c", "flushed"]);
      expect(clock.pending).toEqual([]);
      expectConserved();
    });

    it("drops the remaining items at its deadline, and ends the pause between tries", async () => {
      const { add, calls, clock, expectConserved, sender } = setUp({ tries: 9 }, RETRY);
      add("abcd");
      const draining = sender.drain(50);
      await clock.advance(50);
      await draining;
      expect(calls.at(-1)).toBe("4 closed");
      expect(sender.stats).toMatchObject({ queued: 0, queuedBytes: 0, inFlight: 0 });
      expect(clock.pending).toEqual([]);
      expectConserved();
    });
  });
});
