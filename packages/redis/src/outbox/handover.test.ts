import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { Blame } from "./blame.js";
import type { ConsumerParts } from "./consumer.js";
import type { Entry } from "./entry.js";
import { Handover } from "./handover.js";

const MIN_IDLE_MS = 10_000;

describe("a handover whose process freezes after a batch failed", () => {
  it.each([
    { frozenMs: 0, deliveries: 5, because: "two entries are retried alone" },
    { frozenMs: MIN_IDLE_MS, deliveries: 3, because: "others have claimed the entries" },
  ])("makes $deliveries deliveries after $frozenMs ms, because $because", async (row) => {
    const clock = createFakeClock();
    let deliveries = 0;
    const parts = {
      services: { clock, diagnostics: { debug() {}, info() {}, warn() {}, error() {} } },
      stream: { async refuse() {}, async finish() {}, async bury() {} },
      inner: {
        log(): never {
          deliveries += 1;
          // Only the wall clock continues.
          if (deliveries === 3) clock.jump(row.frozenMs);
          throw new Error("refused");
        },
      },
      settings: { name: "outbox", minIdleMs: MIN_IDLE_MS, deliveryTimeoutMs: 1_000 },
      count() {},
    } as unknown as ConsumerParts; // a handover uses no other members
    const entries = ["a", "b", "c"].map((entryId) => ({ entryId, logged: {} }) as Entry);
    await new Handover(parts, new Blame(), () => {}).deliverNew(entries);
    expect(deliveries).toBe(row.deliveries);
  });
});
