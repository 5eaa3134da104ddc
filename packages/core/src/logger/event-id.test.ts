import { describe, expect, it } from "vitest";
import { messageId } from "../delivery/message-id.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import { eventIdOf } from "./event-id.js";

/** The members that the formula reads. The id is one of its test vectors. */
const event = {
  featureFlag: "checkout",
  allocation: "allocation-1",
  variation: "treatment",
  subject: "alice",
  timestamp: "2026-01-02T03:04:05.678Z",
} as AssignmentEvent;
const id = "0aa85106-3bd9-8511-8dec-215b53ac8b09";

describe("eventIdOf", () => {
  it.each([
    { messageId: undefined, expected: id, because: "the client would assign this id" },
    { messageId: "", expected: id, because: "an empty id is no id" },
    { messageId: "own", expected: "own", because: "the event has its own id" },
  ])("is $expected with $messageId, because $because", ({ messageId, expected }) => {
    expect(
      eventIdOf({ kind: "assignment", event: { ...event, messageId } as AssignmentEvent }),
    ).toBe(expected);
  });

  it.each([
    { dedupe: "event" as const, same: [false, false, false] },
    { dedupe: "day" as const, same: [true, false, false] },
    { dedupe: "assignment" as const, same: [true, true, false] },
  ])("is shared according to $dedupe, whatever id the event has", ({ dedupe, same }) => {
    const idOf = (changes: Partial<AssignmentEvent>): string =>
      eventIdOf({ kind: "assignment", event: { ...event, ...changes } }, dedupe);
    expect([
      idOf({}) === idOf({ timestamp: "2026-01-03T00:59:59.999+01:00" }),
      idOf({}) === idOf({ timestamp: "2026-01-03T00:00:00.000Z" }),
      idOf({}) === idOf({ variation: "control" }),
    ]).toEqual(same);
    expect(idOf({ messageId: "own" }) === "own").toBe(dedupe === "event");
  });

  it.each([
    {
      dedupe: "day" as const,
      parts: ["assignment", "checkout", "allocation-1", "treatment", "alice", "2026-01-02"],
    },
    {
      dedupe: "assignment" as const,
      parts: ["assignment", "checkout", "allocation-1", "treatment", "alice"],
    },
  ])("is the formula of $parts as $dedupe", ({ dedupe, parts }) => {
    expect(eventIdOf({ kind: "assignment", event }, dedupe)).toBe(messageId(parts));
  });

  it.each(["day", "assignment"] as const)(
    "of a bandit's choice has no time as %s either",
    (dedupe) => {
      const choice = { flagKey: "f", banditKey: "b", action: "a", subject: "s", modelVersion: "v" };
      const idAt = (timestamp: string): string =>
        eventIdOf({ kind: "bandit", event: { ...choice, timestamp } as BanditEvent }, dedupe);
      expect(idAt("2026-01-02T00:00:00.000Z")).toBe(idAt("2026-01-02T23:59:59.999Z"));
    },
  );
});
