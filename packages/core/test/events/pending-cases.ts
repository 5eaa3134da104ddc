import { createHash } from "node:crypto";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import type { AssignmentLogger } from "../../src/delivery/assignment-logger.js";
import { exposureParts } from "../../src/delivery/exposure-parts.js";
import type { LoggedEvent } from "../../src/delivery/logged-event.js";
import { type BufferedLogger, createBufferedLogger } from "../../src/logger/buffered-logger.js";
import { resolveLoggerOptions } from "../../src/logger/options.js";
import type { Attributes } from "../../src/model/attributes.js";
import { baseOf, choiceOf, contextOf, type SetUp, setUp } from "./set-up.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Generated choices. Each number is an integer in [0, below). */
type Draw = (below: number) => number;

function drawing(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const KEYS = ["alice", "é😀", "\ud800", 'a"b\\', "x".repeat(70), "user-17", "\u0000"];

/** Creates the value of an attribute. Some values are mutable, and some are not JSON. */
const VALUES: readonly ((draw: Draw) => unknown)[] = [
  (draw) => draw(1_000),
  (draw) => KEYS[draw(KEYS.length)],
  (draw) => draw(2) === 0,
  () => null,
  () => undefined,
  () => Number.NaN,
  () => 7n,
  () => Symbol("s"),
  (draw) => ["a", { nested: draw(9) }],
  (draw) => ({ at: new Date(draw(1_000)) }),
  (draw) => {
    const text = `${draw(9)}`;
    return { toJSON: () => text };
  },
];

const SCALARS = 6;

/** Attributes as callers pass them. Most are plain scalars, but some may be anything. */
function attributesOf(draw: Draw): Record<string, unknown> {
  const kinds = draw(4) > 0 ? SCALARS : VALUES.length;
  const attributes: Record<string, unknown> =
    draw(20) === 0 ? Object.create({ inherited: 1, toJSON: draw(2) && (() => "all") }) : {};
  for (let left = draw(5); left > 0; left--) {
    attributes[`attribute-${draw(9)}`] = VALUES[draw(kinds)]?.(draw);
  }
  if (draw(40) === 0) {
    Object.defineProperty(attributes, "thrower", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
  }
  if (draw(40) === 0)
    Object.defineProperty(attributes, "__proto__", { value: 1, enumerable: true });
  return attributes;
}

/** Changes attributes as a caller may after a call. */
function change(attributes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(Object.getOwnPropertyDescriptors(attributes))) {
    if (Array.isArray(value.value)) value.value.push("changed");
    else if (value.writable === true) attributes[name] = "changed";
  }
  attributes["added"] = true;
}

/** A client's exposures with a logger of the kit, and the messages that this logger handed over. */
interface World {
  readonly exposures: SetUp;
  readonly kit: BufferedLogger;
  readonly sent: readonly string[];
  readonly clock: ReturnType<typeof createFakeClock>;
}

/** @param loggerOf - the logger that the client gets. */
function worldOf(handOverAt: number, loggerOf: (kit: BufferedLogger) => AssignmentLogger): World {
  const clock = createFakeClock();
  const sent: string[] = [];
  const kit = createBufferedLogger<string>(
    {
      maxInFlight: 100,
      handOverAt,
      flushIntervalMs: 1_000,
      open: () => ({
        send: (message, settle) => {
          sent.push(message);
          settle.delivered();
        },
        flush: async () => {},
      }),
    },
    resolveLoggerOptions(
      { clock, diagnostics: SILENT, onError: () => {}, maxBuffered: 40 },
      {},
      {
        name: "kit",
        owned: false,
      },
    ),
    ({ id, kind, members, timeMs }) => JSON.stringify({ id, kind, timeMs, members }),
    false,
  );
  return { clock, kit, sent, exposures: setUp(loggerOf(kit), { isDeduplicated: false }) };
}

/** Logs the same exposure in all worlds. The caller changes its attributes afterwards. */
function logIn(worlds: readonly World[], draw: Draw, n: number): void {
  const attributes = attributesOf(draw);
  const nowMs = Date.UTC(2026, 0, 1) + n * draw(3);
  const key = draw(3) === 0 ? (KEYS[draw(KEYS.length)] as string) : `user-${n}`;
  const base = baseOf({
    allocation: [null, "all", ""][draw(3)] as string | null,
    experiment: [null, "checkout", "other", "checkout-all"][draw(4)] as string | null,
    variation: [null, "on", "é"][draw(3)] as string | null,
    extraLogging: draw(2) === 0 ? {} : { holdout: "h", subject: "never" },
  });
  const isBandit = draw(10) === 0;
  const details = draw(10) === 0;
  for (const { exposures } of worlds) {
    const context = contextOf({
      subject: { key, attributes: attributes as Attributes },
      nowMs: () => nowMs,
    });
    if (isBandit) exposures.recordBandit(context, choiceOf({ action: key }));
    else exposures.exposures.record(base, context, details ? { why: ["tested"] } : null);
  }
  change(attributes);
}

/** Compares a logger that receives pending assignments with one that receives complete events. */
export function describePending(events: number): void {
  describe("a logger that accepts pending assignments", () => {
    it("receives events instead if its own method was replaced", () => {
      const { exposures, kit } = worldOf(1, (it) => it);
      const events: unknown[] = [];
      kit.logAssignment = (event) => void events.push(event);
      exposures.record();
      expect(events).toEqual([expect.objectContaining({ messageId: expect.any(String) })]);
      expect(kit.stats().accepted).toBe(0);
    });

    it(`hands over the ids, the content and the order of ${events} complete events`, async () => {
      const draw = drawing(20_261_122);
      for (const handOverAt of [1, 7]) {
        const pending = worldOf(handOverAt, (kit) => kit);
        const complete = worldOf(handOverAt, (kit) => ({
          logAssignment: (event) => kit.logAssignment(event),
          logBanditAction: (event) => kit.logBanditAction(event),
        }));
        const worlds = [pending, complete];
        for (let n = 0; n < events / 2; n++) {
          logIn(worlds, draw, n);
          const step = draw(30);
          if (step === 0) expect(pending.kit.stats()).toEqual(complete.kit.stats());
          if (step === 1) for (const { clock } of worlds) await clock.advance(0);
          if (step === 2) {
            const [own, other] = await Promise.all(worlds.map(({ kit }) => kit.flush()));
            expect(own).toEqual(other);
          }
          if (n % 1_000 === 999) {
            await Promise.resolve(); // timers are set at the end of the turn
            for (const { clock } of worlds) await clock.advance(1_000);
            expectSame(pending.sent, complete.sent);
          }
        }
        await Promise.all(worlds.map(({ kit }) => kit.close()));
        expectSame(pending.sent, complete.sent);
        expect(pending.kit.stats()).toEqual(complete.kit.stats());
        expect(pending.kit.stats().delivered).toBeGreaterThan(events / 4);
        for (const message of pending.sent) expectId(message);
      }
    });
  });
}

function expectSame(own: readonly string[], other: readonly string[]): void {
  expect(own.length).toBe(other.length);
  // A failure shows one message instead of all.
  own.forEach((message, i) => {
    if (message !== other[i]) expect(message).toBe(other[i]);
  });
}

/** Returns the id from another implementation: a UUID (version 8) of the MD5 of the members that identify the exposure. */
function expectId(message: string): void {
  const { id, kind, members } = JSON.parse(message);
  const parts = [...exposureParts({ kind, event: members } as LoggedEvent), members.timestamp];
  const hex = createHash("md5").update(JSON.stringify(parts)).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  const expected = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
  if (id !== expected) expect(id).toBe(expected);
}
