import { setImmediate as nextTurn } from "node:timers/promises";
import type { AssignmentEvent, AssignmentLogger, Client, ExposureCounters } from "@sortition/core";
import { createFakeClock } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
import { Configuration } from "../src/index.js";
import { type RecordedDiagnostics, recordDiagnostics } from "./support/diagnostics.js";
import { flagsBody } from "./support/flags.js";

const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("on") });
const never = () => new Promise<never>(() => {});

describe("a client with a faulty logger", () => {
  let diagnostics: RecordedDiagnostics;
  let unhandled: unknown[];
  const onUnhandled = (cause: unknown): void => void unhandled.push(cause);

  beforeEach(() => {
    diagnostics = recordDiagnostics();
    unhandled = [];
    process.on("unhandledRejection", onUnhandled);
  });

  afterEach(() => {
    process.off("unhandledRejection", onUnhandled);
    expect(unhandled).toEqual([]);
  });

  const create = (options: ClientOptions) => {
    const clock = createFakeClock();
    const client = createClient({ initialConfiguration, clock, diagnostics, ...options });
    return { client, clock };
  };
  const ask = (client: Client, subject: string, attributes = {}): string =>
    client.getStringAssignment("flag-1", subject, attributes, "default");
  const exposuresOf = (client: Client): ExposureCounters => client.status.counters.exposures;
  const expectLaws = (client: Client): void => {
    for (const counters of Object.values(exposuresOf(client).loggers)) {
      const lost = Object.values(counters.dropped).reduce((a, b) => a + b, 0);
      const { accepted, delivered, queued, inFlight, buffered } = counters;
      expect(delivered + lost + queued + inFlight + buffered).toBe(accepted);
    }
  };

  describe("lifecycle §7 fault 23: a logger that fails", () => {
    it.each<{ how: string; fail: () => unknown; reason: "logger-threw" | "logger-rejected" }>([
      {
        how: "throws",
        fail: () => {
          throw new Error("no");
        },
        reason: "logger-threw",
      },
      { how: "rejects", fail: () => Promise.reject(new Error("no")), reason: "logger-rejected" },
    ])(
      "does not affect the value, is counted, retried and reported once: $how",
      async ({ fail, reason }) => {
        const subjects: string[] = [];
        const { client } = create({
          assignmentLogger: {
            logAssignment({ subject }) {
              subjects.push(subject);
              return fail();
            },
          },
        });
        for (let i = 1; i <= 3; i++) {
          expect(ask(client, "alice")).toBe("on");
          await nextTurn();
          expect(exposuresOf(client).loggers["assignmentLogger"]).toMatchObject({
            accepted: i,
            dropped: { [reason]: i },
          });
        }
        expect(subjects).toEqual(["alice", "alice", "alice"]);
        expect(diagnostics.messages("error")).toEqual(["logger failed"]);
        expectLaws(client);
      },
    );
  });

  describe("lifecycle §7 fault 24: a logger that never settles", () => {
    it("is limited to 16 events and a queue; the rest is dropped, and slots are free after the time-out", async () => {
      const { client, clock } = create({ assignmentLogger: { logAssignment: never } });
      for (let i = 0; i < 20_000; i++) expect(ask(client, `${i}`)).toBe("on");
      const counters = () => exposuresOf(client).loggers["assignmentLogger"]!;
      expect(counters()).toMatchObject({
        accepted: 20_000,
        inFlight: 16,
        queued: 10_000,
        dropped: { overflow: 9_984 },
      });
      expectLaws(client);

      const flushing = client.flush({ timeoutMs: 200 });
      expect(await Promise.race([flushing, clock.advance(199)])).toBeUndefined();
      await clock.advance(1);
      expect(await flushing).toMatchObject({
        delivered: 0,
        failed: 0,
        dropped: 0,
        pending: 10_016,
        timedOut: true,
      });

      await clock.advance(10_000 - 200);
      expect(counters()).toMatchObject({
        inFlight: 16,
        queued: 9_984,
        dropped: { "logger-timeout": 16 },
      });
      expectLaws(client);
      expect(clock.pending.filter((it) => it.holdsProcess)).toEqual([]);
      const closing = client.close({ timeoutMs: 0 });
      await clock.advance(0);
      expect(await closing).toMatchObject({ pending: 10_000 });
      expect(counters()).toMatchObject({ inFlight: 0, queued: 0, dropped: { closed: 10_000 } });
      expectLaws(client);
    });
  });

  describe("lifecycle §7 fault 26: one of two loggers that throws", () => {
    it("does not affect the other, which receives each event once", () => {
      const subjects: string[] = [];
      const { client } = create({
        assignmentLogger: [
          {
            name: "throws",
            logAssignment() {
              throw new Error("no");
            },
          },
          { name: "works", logAssignment: (event) => subjects.push(event.subject) },
        ],
      });
      for (const subject of ["a", "b", "a", "b"]) ask(client, subject);
      expect(subjects).toEqual(["a", "b"]);
      expect(exposuresOf(client)).toMatchObject({
        accepted: 2,
        deduplicated: 2,
        loggers: {
          throws: { accepted: 2, delivered: 0, dropped: { "logger-threw": 2 } },
          works: { accepted: 2, delivered: 2 },
        },
      });
      expectLaws(client);
    });
  });

  describe("lifecycle §7 fault 27: a client without a logger", () => {
    it("keeps 100 of 250 exposures for a later logger", () => {
      const subjects: string[] = [];
      const { client } = create({});
      for (let i = 0; i < 250; i++) ask(client, `${i}`);
      client.setAssignmentLogger({ logAssignment: (event) => subjects.push(event.subject) });
      expect(subjects).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
      expect(exposuresOf(client)).toMatchObject({
        accepted: 250,
        loggers: {
          none: { accepted: 250, delivered: 100, buffered: 0, dropped: { "no-logger": 150 } },
          assignmentLogger: { accepted: 100, delivered: 100 },
        },
      });
      expectLaws(client);
    });
  });

  describe("lifecycle §7 fault 28: a pending delivery", () => {
    /** Creates a logger whose first promise is settled by the test. */
    const createHeld = () => {
      const events: AssignmentEvent[] = [];
      let end: { resolve(): void; reject(): void } | null = null;
      const logger: AssignmentLogger = {
        logAssignment(event) {
          events.push(event);
          if (end !== null) return undefined;
          return new Promise<void>((resolve, reject) => {
            end = { resolve, reject: () => reject(new Error("no")) };
          });
        },
      };
      return { events, logger, resolve: () => end?.resolve(), reject: () => end?.reject() };
    };

    it("delivers the attributes of the evaluation even if the caller has changed them since", async () => {
      const { events, logger, resolve } = createHeld();
      const { client } = create({ assignmentLogger: logger, exposures: { maxConcurrent: 1 } });
      ask(client, "first");
      const attributes: Record<string, string> = { plan: "pro" };
      ask(client, "second", attributes);
      attributes["plan"] = "free";
      resolve();
      await nextTurn();
      expect(events[1]).toMatchObject({ subject: "second", subjectAttributes: { plan: "pro" } });
    });

    it("is one event for a subject that is evaluated 1,000 times, and is logged again after a failure", async () => {
      const { events, logger, reject } = createHeld();
      const { client } = create({ assignmentLogger: logger });
      for (let i = 0; i < 1_000; i++) ask(client, "alice");
      expect(events).toHaveLength(1);
      reject();
      await nextTurn();
      ask(client, "alice");
      expect(events).toHaveLength(2);
      expect(exposuresOf(client)).toMatchObject({ accepted: 2, deduplicated: 999 });
      expectLaws(client);
    });
  });
});
