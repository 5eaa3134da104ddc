import type { RefreshOutcome } from "@sortition/core/internal";
import { beforeEach, describe, expect, it } from "vitest";
import { Attempts } from "./attempts.js";

const UPDATED: RefreshOutcome = { outcome: "updated" };

describe("Attempts", () => {
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

  it("runs one attempt at a time, which later calls join until its response is received", async () => {
    const all = [attempts.next(), attempts.next()];
    started[0]?.end();
    expect(await Promise.all(all)).toEqual([UPDATED, UPDATED]);
    expect(started).toHaveLength(1);
    void attempts.next();
    expect(started).toHaveLength(2);
  });

  it.each(["next", "another"] as const)(
    "runs one more attempt for all %s() calls after the response",
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

  it("runs another attempt if requested before the response", async () => {
    void attempts.next();
    void attempts.another();
    started[0]?.end();
    await settle();
    expect(started).toHaveLength(2);
  });

  it("runs another attempt if the current one requests it in its first statements", async () => {
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
