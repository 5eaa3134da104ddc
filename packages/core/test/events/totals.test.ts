import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { claimReceipt, type Receipt } from "../../src/delivery/receipt.js";
import type { AssignmentLogger } from "../../src/index.js";
import { createTestClient } from "./clients.js";

const SUBJECTS = 5;
const ALL = { accepted: SUBJECTS, delivered: 0, failed: 0, dropped: 0, pending: 0 };

/** Returns a logger that settles the receipt of each event. */
function settling(settle: (receipt: Receipt | null) => void): AssignmentLogger {
  return { logAssignment: () => settle(claimReceipt()) };
}

/** Each kind of logger, with where it leaves five events. */
const KINDS: readonly {
  readonly kind: string;
  readonly logger: AssignmentLogger | undefined;
  readonly totals: Partial<typeof ALL>;
}[] = [
  { kind: "returns", logger: { logAssignment() {} }, totals: { delivered: 5 } },
  { kind: "resolves", logger: { logAssignment: async () => {} }, totals: { delivered: 5 } },
  {
    kind: "throws",
    logger: {
      logAssignment() {
        throw new Error("no");
      },
    },
    totals: { failed: 5 },
  },
  {
    kind: "rejects",
    logger: { logAssignment: () => Promise.reject(new Error("no")) },
    totals: { failed: 5 },
  },
  {
    kind: "settles receipts as failed",
    logger: settling((receipt) => receipt?.settle("failed")),
    totals: { failed: 5 },
  },
  {
    kind: "settles receipts as dropped",
    logger: settling((receipt) => receipt?.settle("dropped")),
    totals: { dropped: 5 },
  },
  { kind: "holds receipts", logger: settling(() => {}), totals: { pending: 5 } },
  {
    kind: "reports failures by stats()",
    logger: { logAssignment() {}, stats: () => ({ failed: 5 }) },
    totals: { failed: 5 },
  },
  {
    kind: "reports drops and buffered events by stats()",
    logger: { logAssignment() {}, stats: () => ({ dropped: 2, buffered: 2 }) },
    totals: { delivered: 1, dropped: 2, pending: 2 },
  },
  { kind: "is not set yet", logger: undefined, totals: { pending: 5 } },
];

describe("the totals of a client's exposures", () => {
  it.each(KINDS)(
    "are the same in flush(), status and console.log, for a logger that $kind",
    async ({ logger, totals }) => {
      const name = logger === undefined ? "none" : "mine";
      const { client, clock } = createTestClient({
        assignmentLogger: logger === undefined ? undefined : Object.assign(logger, { name }),
      });
      for (let i = 0; i < SUBJECTS; i++) client.getStringAssignment("f", `${i}`, {}, "");
      const flushing = client.flush({ timeoutMs: 100 });
      await clock.advance(100);
      const expected = { ...ALL, ...totals };
      expect((await flushing).totals).toEqual(expected);
      const { exposures } = client.status.counters;
      expect(exposures.totals).toEqual(expected);
      expect(exposures.loggers[name]?.totals).toEqual(expected);
      const { delivered, dropped, failed, pending } = expected;
      expect(inspect(client)).toContain(
        `${name}: { accepted: 5, delivered: ${delivered}, lost: ${failed + dropped}, pending: ${pending} }`,
      );
    },
  );

  it("count events that waited for a logger once, at that logger", () => {
    const { client } = createTestClient({ assignmentLogger: undefined });
    client.getStringAssignment("f", "1", {}, "");
    client.setAssignmentLogger({ name: "mine", logAssignment() {} });
    const { loggers, totals } = client.status.counters.exposures;
    expect(totals).toEqual({ ...ALL, accepted: 1, delivered: 1 });
    expect(loggers["none"]?.totals).toEqual({ ...ALL, accepted: 0 });
    expect(loggers["mine"]?.totals).toEqual(totals);
  });
});
