import { createFakeClock } from "@sortition/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DeduplicationPolicy, Deduplicator } from "./deduplicator.js";

function create(policy: DeduplicationPolicy) {
  const clock = { nowMs: 0 };
  const readMs = (): number => clock.nowMs;
  const deduplicator = new Deduplicator(policy, { monotonicMs: readMs, now: readMs });
  return {
    clock,
    deduplicator,
    log: (flag: string, subject: string, variation = "v", id = variation) =>
      deduplicator.reserve(flag, subject, "a", variation, id),
    has: (flag: string, subject: string, variation = "v") =>
      deduplicator.has(flag, subject, "a", variation),
    confirm: (flag: string, subject: string, variation = "v", id = variation) =>
      deduplicator.confirm(flag, subject, "a", variation, id),
    release: (flag: string, subject: string, variation = "v", id = variation) =>
      deduplicator.release(flag, subject, "a", variation, id),
  };
}

describe("Deduplicator", () => {
  it("distinguishes a missing allocation from an empty one", () => {
    const deduplicator = new Deduplicator({ max: 10 }, createFakeClock());
    deduplicator.reserve("f", "alice", null, null, "id");
    expect(deduplicator.has("f", "alice", "", "")).toBe(false);
  });

  it("keeps everything if max is Infinity", () => {
    const { log, has } = create({ max: Number.POSITIVE_INFINITY });
    const subjects = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    for (const it of subjects) log("f", it);
    expect(subjects.every((it) => has("f", it))).toBe(true);
  });

  describe("bounded by size", () => {
    // An entry of a subject of 1,000 letters: 200 + 2 × (1,000 + "a" + "v").
    const ONE = 2_204;
    const subject = (letter: string) => letter.repeat(1_000);

    it("removes the least recently used entries until the new one fits", () => {
      const { log, has } = create({ max: 10, maxBytes: 3 * ONE });
      for (const letter of ["a", "b", "c"]) log("f", subject(letter));
      has("f", subject("a"));
      log("f", subject("d").repeat(2));
      expect(["a", "b", "c"].map((letter) => has("f", subject(letter)))).toEqual([
        true,
        false,
        false,
      ]);
      expect(has("f", subject("d").repeat(2))).toBe(true);
    });

    it("does not keep an entry that is too large, and keeps the others", () => {
      const { log, has } = create({ max: 10, maxBytes: 2 * ONE });
      log("f", subject("a"));
      log("f", subject("b").repeat(5));
      expect([has("f", subject("a")), has("f", subject("b").repeat(5))]).toEqual([true, false]);
    });

    it("counts the size of a choice that replaces a smaller one", () => {
      const { log, has } = create({ max: 10, maxBytes: 3 * ONE });
      for (const letter of ["a", "b", "c"]) log("f", subject(letter));
      log("f", subject("c"), subject("v"));
      expect([has("f", subject("a")), has("f", subject("b"))]).toEqual([false, true]);
      expect(has("f", subject("c"), subject("v"))).toBe(true);
    });

    it("can change, which removes the least recently used entries", () => {
      const { deduplicator, log, has } = create({ max: 10, maxBytes: 3 * ONE });
      for (const letter of ["a", "b", "c"]) log("f", subject(letter));
      has("f", subject("a"));
      deduplicator.maxBytes = 2 * ONE;
      expect(["a", "b", "c"].map((letter) => has("f", subject(letter)))).toEqual([
        true,
        false,
        true,
      ]);
      deduplicator.maxBytes = 3 * ONE;
      log("f", subject("d"));
      expect(["a", "c", "d"].map((letter) => has("f", subject(letter)))).toEqual([
        true,
        true,
        true,
      ]);
    });

    it("no longer counts an entry after it was removed", () => {
      const { log, has, release } = create({ max: 10, maxBytes: ONE });
      log("f", subject("a"));
      release("f", subject("a"));
      log("f", subject("b"));
      expect(has("f", subject("b"))).toBe(true);
    });
  });

  it.each([
    { monotonicMs: 0, wallMs: 1_000, known: false, because: "the function was frozen" },
    {
      monotonicMs: 1_000,
      wallMs: -3_600_000,
      known: false,
      because: "the wall clock was set back",
    },
    { monotonicMs: 999, wallMs: -3_600_000, known: true, because: "the time is not up" },
  ])(
    "recognizes an entry $monotonicMs ms later, $wallMs ms by the wall clock: $known, because $because",
    ({ known, monotonicMs, wallMs }) => {
      const clock = createFakeClock();
      const times = { monotonicMs: 0, wallMs: 0 };
      const readings = {
        monotonicMs: () => clock.monotonicMs() + times.monotonicMs,
        now: () => clock.now() + times.wallMs,
      };
      const deduplicator = new Deduplicator({ max: 10, ttlMs: 1_000 }, readings);
      deduplicator.reserve("f", "alice", "a", "v", "id");
      Object.assign(times, { monotonicMs, wallMs });
      expect(deduplicator.has("f", "alice", "a", "v")).toBe(known);
    },
  );

  it.each(["last", "set"] as const)("behaves like a map in order of use (rule %s)", (rule) => {
    const key = fc.constantFrom("a", "b", "c", "aa", "__proto__");
    const call = fc.record({
      call: fc.constantFrom("log", "has", "confirm", "release"),
      flag: fc.constantFrom("f", "fa", "__proto__"),
      subject: key,
      variation: fc.constantFrom("v", "w", "x"),
      id: fc.constantFrom("1", "2"),
      passMs: fc.nat({ max: 6 }),
    });
    const policy = fc.record({ max: fc.nat({ max: 5 }), ttlMs: fc.option(fc.nat({ max: 9 })) });
    fc.assert(
      fc.property(policy, fc.array(call, { maxLength: 60 }), ({ max, ttlMs }, calls) => {
        const ttl = ttlMs === null ? Number.POSITIVE_INFINITY : ttlMs + 1;
        const { clock, log, has, confirm, release } = create(
          ttlMs === null ? { max, rule } : { max, rule, ttlMs: ttlMs + 1 },
        );
        type Known = { variation: string; reservedBy: string | null; untilMs: number };
        const model = new Map<string, Known>();
        const touch = (key: string, known: Omit<Known, "untilMs">): void => {
          model.delete(key);
          model.set(key, { ...known, untilMs: clock.nowMs + ttl });
        };
        for (const { call: name, flag, subject, variation, id, passMs } of calls) {
          clock.nowMs += passMs;
          const key = JSON.stringify([flag, subject, ...(rule === "set" ? [variation] : [])]);
          const known = model.get(key);
          const isMine = known?.variation === variation && known.reservedBy === id;
          if (name === "release") {
            release(flag, subject, variation, `${variation}${id}`);
            if (isMine) model.delete(key);
          } else if (name === "confirm") {
            confirm(flag, subject, variation, `${variation}${id}`);
            if (isMine) model.set(key, { ...known, reservedBy: null });
          } else if (name === "log") {
            log(flag, subject, variation, `${variation}${id}`);
            if (max === 0) continue;
            if (known === undefined && model.size >= max) model.delete([...model.keys()][0]!);
            touch(key, { variation, reservedBy: id });
          } else {
            const isAlive = known !== undefined && clock.nowMs < known.untilMs;
            if (isAlive) touch(key, known);
            else model.delete(key);
            expect(has(flag, subject, variation)).toBe(isAlive && known.variation === variation);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
