import { describe, expect, it } from "vitest";
import type { AssignmentEvent } from "../model/exposure.js";
import { eventIdOf } from "./event-id.js";

/** The members that the formula reads; the id is one of its vectors. */
const event = {
  featureFlag: "checkout",
  allocation: "allocation-1",
  variation: "treatment",
  subject: "alice",
  timestamp: "2026-01-02T03:04:05.678Z",
} as AssignmentEvent;
const id = "5807d0c0-6f99-8562-9805-2922ccea30c1";

describe("eventIdOf", () => {
  it.each([
    { messageId: undefined, expected: id, because: "the client would have given it that" },
    { messageId: "", expected: id, because: "that is none" },
    { messageId: "own", expected: "own", because: "it brings one" },
  ])("is $expected with $messageId, because $because", ({ messageId, expected }) => {
    expect(
      eventIdOf({ kind: "assignment", event: { ...event, messageId } as AssignmentEvent }),
    ).toBe(expected);
  });
});
