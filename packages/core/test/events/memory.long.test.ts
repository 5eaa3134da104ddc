import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { Deduplicator } from "../../src/delivery/deduplicator.js";
import { claimReceipt, type Receipt } from "../../src/delivery/receipt.js";
import { createTestClient } from "./clients.js";

const KEY_LENGTH = 1_000_000;
/** The default limit. Sizes are estimated at 2 bytes per letter, but Node needs only 1 for Latin letters. */
const DEDUPLICATION_BYTES = 32 * 1024 * 1024;

function subjectKey(index: number): string {
  return Buffer.alloc(KEY_LENGTH, `${index};`).toString("latin1");
}

/** Returns heap and external memory in use after two garbage collections, because only the second one frees buffers. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  for (let i = 0; i < 3; i++) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe("subject keys of 1 MB", () => {
  it("stay below the limit of the deduplication with 300 subjects", () => {
    const deduplicator = new Deduplicator({ max: 50_000 }, createFakeClock());
    const before = usedBytes();
    for (let i = 0; i < 300; i++) deduplicator.reserve("flag", subjectKey(i), "all", "on", `${i}`);
    expect(usedBytes() - before).toBeLessThan(DEDUPLICATION_BYTES);
    expect(deduplicator.has("flag", subjectKey(299), "all", "on")).toBe(true);
  });

  // Fewer subjects and smaller limits, because each event needs the SHA-256 of its key.
  it.each([
    { logger: "a synchronous logger", assignmentLogger: { logAssignment() {} } },
    {
      logger: "a logger that never settles",
      assignmentLogger: { logAssignment: () => new Promise<void>(() => {}) },
    },
    { logger: "no logger yet", assignmentLogger: undefined },
  ])("stay below the limits of a client with $logger", ({ assignmentLogger }) => {
    const { client } = createTestClient({
      assignmentLogger,
      deduplication: { assignments: { max: 100, maxBytes: 4_500_000 } },
      exposures: { maxConcurrent: 1, maxQueueBytes: 4_500_000 },
    });
    const before = usedBytes();
    for (let i = 0; i < 20; i++) client.getStringAssignment("f", subjectKey(i), {}, "default");
    const growth = usedBytes() - before;
    expect(client.status.counters.exposures.accepted).toBe(20);
    // Two keys are remembered, two are queued, one is in flight; 20 would be 20 MB.
    expect(growth).toBeLessThan(9_000_000);
  });
});

describe("attributes of 1 MB", () => {
  it("are released when the loggers have taken the events, although they still hold the receipts", async () => {
    const receipts: (Receipt | null)[] = [];
    const { client } = createTestClient({
      assignmentLogger: { logAssignment: () => void receipts.push(claimReceipt()) },
    });
    const before = usedBytes();
    for (let i = 0; i < 20; i++) {
      client.getStringAssignment("f", `${i}`, { text: subjectKey(i) }, "default");
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(usedBytes() - before).toBeLessThan(5_000_000);
    for (const receipt of receipts) receipt?.settle("delivered");
    expect(client.status.counters.exposures.loggers["assignmentLogger"]).toMatchObject({
      delivered: 20,
      later: { held: 0 },
    });
  });
});

describe("a flush that times out", () => {
  it("leaves nothing behind", async () => {
    const { client, clock } = createTestClient({
      assignmentLogger: { logAssignment: () => new Promise<void>(() => {}) },
      exposures: { loggerTimeoutMs: 600_000 },
    });
    client.getStringAssignment("f", "alice", {}, "default");
    const flush = async (): Promise<void> => {
      const flushing = client.flush({ timeoutMs: 1 });
      await clock.advance(1);
      expect((await flushing).totals.pending).toBe(1);
    };
    for (let i = 0; i < 100; i++) await flush();
    const before = usedBytes();
    for (let i = 0; i < 10_000; i++) await flush();
    expect(usedBytes() - before).toBeLessThan(1_000_000);
  });
});
