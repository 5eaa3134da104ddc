import type { AssignmentLogger } from "@sortition/core";
import { createClock } from "@sortition/core/internal";
import { wrapperFaults } from "@sortition/dialect-kit/wrapper-contract";
import { describe, expect, it } from "vitest";
import { LoggerSlot } from "../src/environment/logger-slot.js";

function slotOf(logger: AssignmentLogger): LoggerSlot {
  const slot = new LoggerSlot("behind", createClock());
  const config = { type: "segment", path: "loggers[0]", options: {} } as const;
  slot.set({ config, logger, file: null, closed: Promise.resolve(), close: async () => {} });
  return slot;
}

describe("LoggerSlot", () => {
  it("is a right wrapper for clients", async () => {
    expect(await wrapperFaults(slotOf)).toEqual([]);
  });

  it("is a right wrapper behind a queue", async () => {
    expect(await wrapperFaults((inner) => slotOf(inner).behindQueue)).toEqual([]);
  });
});
