import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { EvaluationTurns } from "./evaluation-turns.js";

describe("EvaluationTurns", () => {
  it("refuses eight requests that wait behind an endless one with 429, after five seconds and not after 45", async () => {
    const clock = createFakeClock();
    const turns = new EvaluationTurns(clock);
    let end = (): void => {};
    const running = new Promise<void>((resolve) => {
      end = resolve;
    });
    const endless = turns.run(() => running);
    const waiting = Array.from({ length: 8 }, () => turns.run(async () => "explained"));
    const outcomes = Promise.allSettled(waiting);
    await clock.advance(5_000);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { status: 429 } });
    }
    const next = turns.run(async () => "explained");
    end();
    await endless;
    expect(await next).toBe("explained");
    expect(clock.pending).toEqual([]);
  });

  it("runs one request at a time, in order, also after one has failed", async () => {
    const turns = new EvaluationTurns(createFakeClock());
    const ran: string[] = [];
    let running = 0;
    const run = (name: string, fails = false): Promise<void> =>
      turns.run(async () => {
        running += 1;
        expect(running).toBe(1);
        await Promise.resolve();
        ran.push(name);
        running -= 1;
        if (fails) throw new Error("failed");
      });
    const all = await Promise.allSettled([run("a"), run("b", true), run("c"), run("d")]);
    expect(all.map(({ status }) => status)).toEqual([
      ...["fulfilled", "rejected", "fulfilled", "fulfilled"],
    ]);
    expect(ran).toEqual(["a", "b", "c", "d"]);
  });
});
