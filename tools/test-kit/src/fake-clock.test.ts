import { describe, expect, it } from "vitest";
import { createFakeClock } from "./fake-clock.js";

const background = { holdsProcess: false };

describe("createFakeClock", () => {
  it("runs timers in order, each at its time, including timers set by other timers", async () => {
    const clock = createFakeClock();
    const log: string[] = [];
    const note = (name: string) => () => void log.push(`${name} at ${clock.monotonicMs()}`);
    clock.setTimer(note("late"), 300, background);
    clock.setTimer(
      () => {
        note("early")();
        clock.setTimer(note("nested"), 100, background);
      },
      100,
      background,
    );
    clock.setTimer(note("never"), 301, background);
    await clock.advance(300);
    expect(log).toEqual(["early at 100", "nested at 200", "late at 300"]);
    expect(clock.pending).toEqual([{ inMs: 1, holdsProcess: false }]);
  });

  it("does not run a cancelled timer", async () => {
    const clock = createFakeClock();
    let hasFired = false;
    const cancel = clock.setTimer(
      () => {
        hasFired = true;
      },
      1,
      background,
    );
    cancel();
    await clock.advance(1);
    expect(hasFired).toBe(false);
  });

  it("waits for the work of a timer before time advances", async () => {
    let work: Promise<void> = Promise.resolve();
    const clock = createFakeClock({ settle: () => work });
    let finishedAtMs = -1;
    clock.setTimer(
      () => {
        work = new Promise<void>((resolve) => setTimeout(resolve, 5)).then(() => {
          finishedAtMs = clock.monotonicMs();
        });
      },
      10,
      background,
    );
    await clock.advance(1_000);
    expect(finishedAtMs).toBe(10);
  });

  it("jumps the wall clock only", async () => {
    const clock = createFakeClock({ startMs: 1_000 });
    clock.jump(-500);
    await clock.advance(20);
    expect(clock.now()).toBe(520);
    expect(clock.monotonicMs()).toBe(20);
  });
});
