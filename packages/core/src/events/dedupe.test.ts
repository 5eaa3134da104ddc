import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeduplicationPolicy, Deduplicator } from "./dedupe.js";

function create(policy: DeduplicationPolicy) {
  const clock = { nowMs: 0 };
  const deduplicator = new Deduplicator(policy, () => clock.nowMs);
  return {
    clock,
    log: (flag: string, subject: string, variation = "v") =>
      deduplicator.set(flag, subject, "a", variation),
    has: (flag: string, subject: string, variation = "v") =>
      deduplicator.has(flag, subject, "a", variation),
    forget: (flag: string, subject: string, variation = "v") =>
      deduplicator.delete(flag, subject, "a", variation),
  };
}

describe("Deduplicator", () => {
  it("knows what was logged", () => {
    const { log, has } = create({ max: 10 });
    log("f", "alice");
    expect(has("f", "alice")).toBe(true);
  });

  it.each([
    { flag: "g", subject: "alice", variation: "v", because: "the flag is another" },
    { flag: "f", subject: "bob", variation: "v", because: "the subject is another" },
    { flag: "f", subject: "alice", variation: "w", because: "the variation is another" },
    { flag: "fa", subject: "lice", variation: "v", because: "keys are not joined" },
  ])("does not take one for the other, because $because", ({ flag, subject, variation }) => {
    const { log, has } = create({ max: 10 });
    log("f", "alice");
    expect(has(flag, subject, variation)).toBe(false);
  });

  it("tells a missing allocation from one that is empty", () => {
    const deduplicator = new Deduplicator({ max: 10 }, () => 0);
    deduplicator.set("f", "alice", null, null);
    expect(deduplicator.has("f", "alice", "", "")).toBe(false);
  });

  it("remembers the last assignment only", () => {
    const { log, has } = create({ max: 10 });
    log("f", "alice", "A");
    log("f", "alice", "B");
    expect([has("f", "alice", "A"), has("f", "alice", "B")]).toEqual([false, true]);
  });

  it("forgets the least recently used", () => {
    const { log, has } = create({ max: 2 });
    log("f", "alice");
    log("f", "bob");
    has("f", "alice");
    log("f", "carol");
    expect(["alice", "bob", "carol"].map((it) => has("f", it))).toEqual([true, false, true]);
  });

  it("keeps nothing if max is 0", () => {
    const { log, has } = create({ max: 0 });
    log("f", "alice");
    expect(has("f", "alice")).toBe(false);
  });

  it("keeps everything if max is Infinity", () => {
    const { log, has } = create({ max: Number.POSITIVE_INFINITY });
    const subjects = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    for (const it of subjects) log("f", it);
    expect(subjects.every((it) => has("f", it))).toBe(true);
  });

  it.each([
    { afterMs: 999, known: true, because: "the time is not up" },
    { afterMs: 1_000, known: false, because: "the time is up" },
  ])("knows an entry after $afterMs ms: $known, because $because", ({ afterMs, known }) => {
    const { clock, log, has } = create({ max: 10, ttlMs: 1_000 });
    log("f", "alice");
    clock.nowMs = afterMs;
    expect(has("f", "alice")).toBe(known);
  });

  it("renews the time with every hit", () => {
    const { clock, log, has } = create({ max: 10, ttlMs: 1_000 });
    log("f", "alice");
    clock.nowMs = 900;
    has("f", "alice");
    clock.nowMs = 1_800;
    expect(has("f", "alice")).toBe(true);
  });

  it("does not forget what was logged since", () => {
    const { log, has, forget } = create({ max: 10 });
    log("f", "alice", "A");
    log("f", "alice", "B");
    forget("f", "alice", "A");
    expect(has("f", "alice", "B")).toBe(true);
  });

  it("behaves as a map in the order of use", () => {
    const key = fc.constantFrom("a", "b", "c", "d", "__proto__");
    const call = fc.record({
      call: fc.constantFrom("log", "has", "forget"),
      flag: fc.constantFrom("f", "g", "__proto__"),
      subject: key,
      variation: fc.constantFrom("v", "w"),
      passMs: fc.nat({ max: 6 }),
    });
    const policy = fc.record({ max: fc.nat({ max: 5 }), ttlMs: fc.option(fc.nat({ max: 9 })) });
    fc.assert(
      fc.property(policy, fc.array(call, { maxLength: 60 }), ({ max, ttlMs }, calls) => {
        const ttl = ttlMs === null ? Number.POSITIVE_INFINITY : ttlMs + 1;
        const { clock, log, has, forget } = create(
          ttlMs === null ? { max } : { max, ttlMs: ttlMs + 1 },
        );
        const model = new Map<string, { variation: string; untilMs: number }>();
        const touch = (id: string, variation: string): void => {
          model.delete(id);
          model.set(id, { variation, untilMs: clock.nowMs + ttl });
        };
        for (const { call: name, flag, subject, variation, passMs } of calls) {
          clock.nowMs += passMs;
          const id = JSON.stringify([flag, subject]);
          const known = model.get(id);
          if (name === "forget") {
            forget(flag, subject, variation);
            if (known?.variation === variation) model.delete(id);
          } else if (name === "log") {
            log(flag, subject, variation);
            if (max === 0) continue;
            if (known === undefined && model.size >= max) model.delete([...model.keys()][0]!);
            touch(id, variation);
          } else {
            const isAlive = known !== undefined && clock.nowMs < known.untilMs;
            if (isAlive) touch(id, known.variation);
            else model.delete(id);
            expect(has(flag, subject, variation)).toBe(isAlive && known.variation === variation);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
