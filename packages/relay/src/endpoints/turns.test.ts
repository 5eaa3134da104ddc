import { describe, expect, it } from "vitest";
import { EvaluationTurns, type Turns } from "./turns.js";

/** Work whose duration is counted on a clock of its own. */
function createWork() {
  let nowMs = 0;
  const all = new EvaluationTurns({ monotonicMs: () => nowMs });
  /** Evaluates flags that take this long each. Returns their number when the time is used up. */
  const evaluate = async (turns: Turns, flags: number, flagMs: number): Promise<number> => {
    for (let done = 0; done < flags; done++) {
      if (!(await turns.next())) return done;
      nowMs += flagMs;
    }
    return flags;
  };
  return { all, evaluate };
}

describe("EvaluationTurns", () => {
  it("let requests with cheap flags finish in one turn", async () => {
    const { all, evaluate } = createWork();
    let hasYielded = false;
    setImmediate(() => {
      hasYielded = true;
    });
    expect(await evaluate(all.begin(), 100, 0.05)).toBe(100);
    expect(hasYielded).toBe(false);
  });

  it("let other work run between expensive flags", async () => {
    const { all, evaluate } = createWork();
    let passes = 0;
    let isOver = false;
    const count = (): void => {
      passes += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    expect(await evaluate(all.begin(), 20, 20)).toBe(20);
    isOver = true;
    expect(passes).toBeGreaterThanOrEqual(19);
  });

  it("give a request up that has evaluated for more than a second", async () => {
    const { all, evaluate } = createWork();
    expect(await evaluate(all.begin(), 100, 100)).toBe(11);
  });

  it("give one request after the other a turn, and give up those that wait for more than five seconds", async () => {
    const { all, evaluate } = createWork();
    const requests: Promise<number>[] = [];
    for (let i = 0; i < 10; i++) {
      requests.push(evaluate(all.begin(), 9, 100));
      await new Promise((resolve) => setImmediate(resolve)); // the next request is read
    }
    const done = await Promise.all(requests);
    expect(Math.max(...done)).toBeLessThan(9);
    expect(Math.min(...done)).toBeGreaterThan(2);
    expect(await evaluate(all.begin(), 5, 100)).toBe(5);
  });
});
