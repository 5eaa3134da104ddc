import type { RefreshOutcome } from "@sortition/core/internal";
import { beforeEach, describe, expect, it } from "vitest";
import { Attempts } from "./attempts.js";

const UPDATED: RefreshOutcome = { outcome: "updated" };

describe("attempts", () => {
  let attempts: Attempts<RefreshOutcome>;
  let started: { answered(): void; end(): void }[];

  beforeEach(() => {
    started = [];
    attempts = new Attempts(
      (answered) =>
        new Promise((resolve) => void started.push({ answered, end: () => resolve(UPDATED) })),
    );
  });
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  it("are one at a time: what is asked before the answer joins", async () => {
    const all = [attempts.next(), attempts.next()];
    started[0]?.end();
    expect(await Promise.all(all)).toEqual([UPDATED, UPDATED]);
    expect(started).toHaveLength(1);
    void attempts.next();
    expect(started).toHaveLength(2);
  });

  it.each(["next", "another"] as const)(
    "are followed by one more for all that is asked after the answer, by %s",
    async (method) => {
      void attempts.next();
      started[0]?.answered();
      const all = [attempts[method](), attempts[method]()];
      expect(started).toHaveLength(1);
      started[0]?.end();
      await settle();
      expect(started).toHaveLength(2);
      void attempts.next();
      started[1]?.end();
      expect(await Promise.all(all)).toEqual([UPDATED, UPDATED]);
      expect(started).toHaveLength(2);
    },
  );

  it("can be begun anew by what happens before the answer", async () => {
    void attempts.next();
    void attempts.another();
    started[0]?.end();
    await settle();
    expect(started).toHaveLength(2);
  });

  it("makes another one after one that asks for it in its first statements", async () => {
    const ends: (() => void)[] = [];
    const attempts: Attempts<void> = new Attempts(() => {
      if (ends.length === 0) void attempts.another();
      return new Promise((resolve) => void ends.push(resolve));
    });
    const first = attempts.next();
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await first;
    await settle();
    expect(ends).toHaveLength(2);
  });
});
