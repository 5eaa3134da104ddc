import { describe, expect, it } from "vitest";
import type { AssignmentEvent, ClientOptions } from "../../src/index.js";
import { createTestClient } from "./clients.js";

/** Creates a client with a logger that the test settles, and records what is passed to `waitUntil`. */
function setUp(options: Partial<ClientOptions> = {}) {
  const settles: ((isTaken: boolean) => void)[] = [];
  const promises: Promise<void>[] = [];
  const ended: number[] = [];
  const waitUntil = (promise: Promise<void>): void => {
    const index = promises.push(promise) - 1;
    void promise.then(() => ended.push(index));
  };
  const assignmentLogger = {
    logAssignment: (_: AssignmentEvent) =>
      new Promise<void>((resolve, reject) => {
        settles.push((isTaken) => (isTaken ? resolve() : reject(new Error("no"))));
      }),
  };
  const { client, clock } = createTestClient({ assignmentLogger, waitUntil, ...options });
  const log = (...subjects: string[]): void => {
    for (const it of subjects) client.getStringAssignment("f", it, {}, "");
  };
  return { client, clock, ended, log, promises, settles };
}

describe("waitUntil", () => {
  it("gets one promise for the events of a turn, not for each event", async () => {
    const { clock, ended, log, promises, settles } = setUp({ exposures: { maxConcurrent: 1 } });
    log("a", "b", "c");
    expect(promises).toHaveLength(1);
    for (let i = 0; i < 3; i += 1) {
      await clock.advance(1);
      expect(ended).toEqual([]);
      settles[i]?.(i !== 1);
    }
    await clock.advance(1);
    expect(ended).toEqual([0]);
    log("d");
    settles[3]?.(true);
    await clock.advance(1);
    expect(promises).toHaveLength(2);
    expect(ended).toEqual([0, 1]);
  });

  it("gets one promise for each logger", async () => {
    const hanging = () => ({ logAssignment: () => new Promise<void>(() => {}) });
    const { clock, ended, log, promises } = setUp({ assignmentLogger: [hanging(), hanging()] });
    log("a", "b");
    expect(promises).toHaveLength(2);
    await clock.advance(9_999);
    expect(ended).toEqual([]);
    await clock.advance(10_000);
    expect(ended).toEqual([0, 1]);
  });

  it("is not called for a logger that has delivered at once", () => {
    const { log, promises } = setUp({ assignmentLogger: { logAssignment() {} } });
    log("a");
    expect(promises).toEqual([]);
  });

  describe("with a logger that holds events itself", () => {
    function setUpHolding(flush: (held: string[]) => Promise<void>) {
      const held: string[] = [];
      const assignmentLogger = {
        logAssignment: ({ subject }: AssignmentEvent) => void held.push(subject),
        flush: () => flush(held.splice(0)),
      };
      return { ...setUp({ assignmentLogger }), held };
    }

    it("gets promises that cover its flush, which is one for the turns before it", async () => {
      const sent: string[][] = [];
      const { clock, ended, log, promises } = setUpHolding(
        async (events) => void sent.push(events),
      );
      log("a", "b");
      await Promise.resolve();
      log("c");
      expect(promises).toHaveLength(2);
      await clock.advance(1);
      expect([sent, ended]).toEqual([[["a", "b", "c"]], [0, 1]]);
    });

    it("gets promises that include another flush for events logged during a flush", async () => {
      const flushes: { readonly events: string[]; readonly end: () => void }[] = [];
      const { clock, ended, log, promises } = setUpHolding(
        (events) => new Promise((end) => flushes.push({ events, end })),
      );
      log("a");
      await clock.advance(1);
      log("b");
      await clock.advance(1);
      log("c");
      expect(promises).toHaveLength(3);
      expect(flushes.map(({ events }) => events)).toEqual([["a"]]);
      flushes[0]?.end();
      await clock.advance(1);
      expect(flushes.map(({ events }) => events)).toEqual([["a"], ["b", "c"]]);
      expect(ended).toEqual([0]);
      flushes[1]?.end();
      await clock.advance(1);
      expect(ended).toEqual([0, 1, 2]);
    });

    it("gets a promise that is fulfilled even if the flush rejects", async () => {
      const { clock, ended, log } = setUpHolding(() => Promise.reject(new Error("no")));
      log("a");
      await clock.advance(1);
      expect(ended).toEqual([0]);
    });

    it("gets a promise that is fulfilled at the time-out of a logger, if the flush hangs", async () => {
      const { clock, ended, log } = setUpHolding(() => new Promise(() => {}));
      log("a");
      await clock.advance(9_999);
      expect(ended).toEqual([]);
      await clock.advance(1);
      expect(ended).toEqual([0]);
    });
  });

  it("gets a promise for the events of each turn, which waits for no later ones", async () => {
    const steps: string[] = [];
    const settles: (() => void)[] = [];
    const { clock, ended, log, promises } = setUp({
      assignmentLogger: {
        logAssignment: ({ subject }: AssignmentEvent) => {
          steps.push(subject);
          return new Promise<void>((resolve) => settles.push(resolve));
        },
        flush: async () => void steps.push("flush"),
      },
    });
    log("a");
    await clock.advance(1);
    log("b");
    settles[0]?.();
    await clock.advance(1);
    expect([steps, ended]).toEqual([["a", "b", "flush"], [0]]);
    settles[1]?.();
    await clock.advance(1);
    expect([steps, ended]).toEqual([
      ["a", "b", "flush", "flush"],
      [0, 1],
    ]);
    expect(promises).toHaveLength(2);
  });

  it("gets a promise for events that were evaluated before a logger was set", async () => {
    const { client, clock, ended, log, promises } = setUp({ assignmentLogger: undefined });
    log("a", "b");
    expect(promises).toEqual([]);
    client.setAssignmentLogger({ logAssignment: async () => {} });
    expect(promises).toHaveLength(1);
    await clock.advance(1);
    expect(ended).toEqual([0]);
  });

  it("gets promises that end with the client", async () => {
    const { client, clock, ended, log } = setUp();
    log("a");
    const closing = client.close({ timeoutMs: 50 });
    await clock.advance(50);
    await closing;
    await clock.advance(1);
    expect(ended).toEqual([0]);
  });

  it("may throw or reject, which is reported once", async () => {
    const errors: unknown[] = [];
    const diagnostics = {
      debug() {},
      info() {},
      warn() {},
      error: (message: string, facts?: object) => errors.push([message, facts]),
    };
    const waitUntil = (): never => {
      throw new Error("frozen");
    };
    const { log } = setUp({
      waitUntil,
      diagnostics,
      assignmentLogger: { logAssignment: async () => {} },
    });
    log("a");
    expect(errors).toEqual([
      [
        "listener failed",
        expect.objectContaining({ event: "waitUntil", code: "SORTITION_LISTENER" }),
      ],
    ]);
  });

  it("must be a function", () => {
    expect(() => setUp({ waitUntil: 5 as never })).toThrow(
      /^waitUntil: expected a function, got 5/,
    );
  });
});
