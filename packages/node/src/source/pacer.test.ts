import { ClosedError, type Failure, NetworkError } from "@sortition/core/internal";
import { createFakeClock, signalListeners } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { type LastAttempt, type Pace, Pacer, type PacerPorts } from "./pacer.js";

const FAILURE: Failure = {
  kind: "transient",
  error: new NetworkError("down", null),
  retryAfterMs: null,
};
const REFUSAL: Failure = { ...FAILURE, kind: "rejected" };

const EVERY_SECOND: Pace = { delayMs: () => 1_000 };

/** Creates a pacer whose attempts wait for the test to end them. */
function setUp(pace: Pace | (() => Pace) = EVERY_SECOND, ports: Partial<PacerPorts> = {}) {
  const clock = createFakeClock();
  const attempts: {
    signal: AbortSignal;
    answered(): void;
    end(failure: Failure | null): Promise<void>;
  }[] = [];
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  const pacer = new Pacer(typeof pace === "function" ? pace : () => pace, {
    clock,
    random: () => 0.5,
    isLoaded: () => true,
    attempt: (signal, answered) =>
      new Promise((resolve) => {
        attempts.push({
          signal,
          answered,
          end: (failure) => {
            resolve(failure);
            return settled();
          },
        });
      }),
    ...ports,
  });
  const end = (failure: Failure | null = null): Promise<void> | undefined =>
    attempts.at(-1)?.end(failure);
  return { attempts, clock, end, pacer, settled };
}

describe("Pacer", () => {
  it("leaves no listener on its signal, however many attempts it makes", async () => {
    const { attempts, clock, end, pacer } = setUp();
    pacer.start("now");
    for (let i = 0; i < 20; i++) {
      await end(FAILURE);
      await clock.advance(1_000);
    }
    await end();
    expect(signalListeners(attempts.at(-1)?.signal as AbortSignal)).toBe(0);
  });

  it("waits before the first attempt of a delayed start", async () => {
    const { attempts, clock, pacer } = setUp();
    pacer.start("later");
    expect(attempts).toHaveLength(0);
    await clock.advance(1_000);
    expect(attempts).toHaveLength(1);
  });

  it("passes the last attempt to its pace, and counts from the start", async () => {
    const seen: LastAttempt[] = [];
    const draws: number[] = [];
    const pace: Pace = {
      delayMs(last, u) {
        seen.push(last);
        draws.push(u);
        return 1_000;
      },
    };
    const { clock, end, pacer } = setUp(pace);
    pacer.start("now");
    for (const failure of [FAILURE, REFUSAL, null, REFUSAL]) {
      await end(failure);
      await clock.advance(1_000);
    }
    const counts = seen.map(({ attempts, failures, refusals }) => [attempts, failures, refusals]);
    expect(counts).toEqual([
      [1, 1, 0],
      [2, 2, 1],
      [3, 0, 0],
      [4, 1, 1],
    ]);
    expect(seen.map(({ failure }) => failure)).toEqual([FAILURE, REFUSAL, null, REFUSAL]);
    expect(draws).toEqual([0.5, 0.5, 0.5, 0.5]);
    pacer.start("later");
    expect(seen.at(-1)).toMatchObject({ attempts: 0, failure: null, failures: 0, refusals: 0 });
  });

  it("creates a new pace for each run", () => {
    let made = 0;
    const { pacer } = setUp(() => {
      made += 1;
      return EVERY_SECOND;
    });
    pacer.start("later");
    pacer.start("later");
    expect(made).toBe(2);
  });

  it("treats the rejection of an attempt as a transient failure", async () => {
    const { pacer } = setUp(EVERY_SECOND, { attempt: () => Promise.reject(new Error("broken")) });
    pacer.start("later");
    expect(await pacer.now()).toMatchObject({
      kind: "transient",
      error: { code: "SORTITION_NETWORK" },
    });
  });

  it("reports the end of an attempt after it has set the next timer, so that a listener may stop it", async () => {
    const ended: unknown[] = [];
    const { clock, end, pacer } = setUp(EVERY_SECOND, {
      ended(failure, next) {
        ended.push(failure, next);
        pacer.stop();
      },
    });
    pacer.start("now");
    await end(FAILURE);
    expect(ended).toEqual([FAILURE, { inMs: 1_000 }]);
    expect(clock.pending).toEqual([]);
  });

  it("sets no timer after an attempt that fails because its owner was closed", async () => {
    const { clock, end, pacer } = setUp({
      ...EVERY_SECOND,
      first: { tries: 3, pauseMs: () => 1, holdsProcess: true },
    });
    pacer.start("now");
    await end({ ...FAILURE, error: new ClosedError() });
    expect(clock.pending).toEqual([]);
  });

  describe("again", () => {
    it("replaces the next attempt by an immediate one if none is running", async () => {
      const { attempts, clock, end, pacer } = setUp();
      pacer.start("later");
      pacer.again({ abort: true });
      expect([attempts.length, attempts[0]?.signal.aborted]).toEqual([1, false]);
      expect(clock.pending).toEqual([]);
      await end();
      expect(clock.pending).toEqual([{ inMs: 1_000, holdsProcess: false }]);
    });

    it("makes one more attempt after the running one, however often it is called meanwhile", async () => {
      const { attempts, clock, end, pacer, settled } = setUp();
      pacer.start("now");
      for (let i = 0; i < 3; i++) pacer.again({ abort: false });
      expect([attempts.length, attempts[0]?.signal.aborted]).toEqual([1, false]);
      await end();
      await settled();
      expect(attempts).toHaveLength(2);
      await end();
      await settled();
      expect(attempts).toHaveLength(2);
      expect(clock.pending).toEqual([{ inMs: 1_000, holdsProcess: false }]);
    });

    it("restarts an attempt whose response is unwanted, for all its callers", async () => {
      const ended: unknown[] = [];
      const { attempts, end, pacer, settled } = setUp(EVERY_SECOND, {
        ended: (failure) => void ended.push(failure),
      });
      pacer.start("now");
      const joined = pacer.now();
      pacer.again({ abort: true });
      expect(attempts[0]?.signal.aborted).toBe(true);
      attempts[0]?.answered(); // too late: later callers join the attempt too
      const late = pacer.now();
      await end(FAILURE);
      await settled();
      expect(attempts).toHaveLength(2);
      expect(attempts[1]?.signal.aborted).toBe(false);
      await end();
      expect([await joined, await late, ended]).toEqual([null, null, [null]]);
      await settled();
      expect(attempts).toHaveLength(2);
    });

    it("completes an attempt whose response was received, and makes one more", async () => {
      const { attempts, end, pacer, settled } = setUp();
      pacer.start("now");
      attempts[0]?.answered();
      pacer.again({ abort: true });
      expect(attempts[0]?.signal.aborted).toBe(false);
      await end();
      await settled();
      expect(attempts).toHaveLength(2);
    });

    it("restarts all tries of a first attempt, even during a pause", async () => {
      const pace: Pace = {
        ...EVERY_SECOND,
        first: { tries: 2, pauseMs: () => 50, holdsProcess: true },
      };
      const { attempts, clock, end, pacer, settled } = setUp(pace);
      pacer.start("now");
      await end(FAILURE);
      pacer.again({ abort: true });
      await settled();
      expect([attempts.length, clock.pending]).toEqual([2, []]);
      await end(FAILURE);
      await clock.advance(50);
      expect(attempts).toHaveLength(3);
      await end(REFUSAL);
      expect(clock.pending).toEqual([{ inMs: 1_000, holdsProcess: false }]);
    });

    it("leaves no listener on the signal of an attempt, and does nothing without a run", async () => {
      const { attempts, end, pacer, settled } = setUp();
      pacer.again({ abort: true });
      expect(attempts).toHaveLength(0);
      pacer.start("now");
      for (let i = 0; i < 5; i++) {
        pacer.again({ abort: true });
        await end();
        await settled();
      }
      expect(attempts.map(({ signal }) => signalListeners(signal))).toEqual(Array(6).fill(0));
      const last = attempts.at(-1)?.signal;
      pacer.stop();
      pacer.again({ abort: true });
      await settled();
      expect([attempts.length, last?.aborted]).toEqual([6, true]);
    });
  });

  describe("stop", () => {
    it("leaves nothing behind that the next start could join", async () => {
      const { attempts, pacer } = setUp();
      pacer.start("now");
      pacer.start("now");
      expect(attempts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    });
  });

  describe("with a first attempt of several tries", () => {
    const pace: Pace = {
      ...EVERY_SECOND,
      first: { tries: 3, pauseMs: (u) => 100 * u, holdsProcess: true },
    };

    it("treats all tries as one attempt", async () => {
      const { attempts, clock, end, pacer } = setUp(pace);
      pacer.start("now");
      const asked = pacer.now();
      await end(FAILURE);
      expect(clock.pending).toEqual([{ inMs: 50, holdsProcess: true }]);
      await clock.advance(50);
      await end(FAILURE);
      await clock.advance(50);
      await end(REFUSAL);
      expect(await asked).toBe(REFUSAL);
      expect(attempts).toHaveLength(3);
      expect(clock.pending).toEqual([{ inMs: 1_000, holdsProcess: false }]);
      await clock.advance(1_000);
      await end(FAILURE);
      // A later attempt is not repeated.
      expect(clock.pending).toEqual([{ inMs: 1_000, holdsProcess: false }]);
    });

    it("does not repeat the first attempt of a later start", async () => {
      const { clock, end, pacer } = setUp(pace);
      pacer.start("later");
      await clock.advance(1_000);
      await end(FAILURE);
      expect(clock.pending).toEqual([{ inMs: 1_000, holdsProcess: false }]);
    });

    it("resolves with the failure of the last try if stopped during a pause", async () => {
      const { clock, end, pacer } = setUp(pace);
      pacer.start("now");
      const asked = pacer.now();
      await end(FAILURE);
      pacer.stop();
      expect(await asked).toBe(FAILURE);
      expect(clock.pending).toEqual([]);
    });
  });
});
