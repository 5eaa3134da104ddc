import { describe, expect, it } from "vitest";
import { LoggerBook } from "./logger-book.js";

/** The book of a logger that took 20 events: 10 have a receipt, and a wrapper left the others out. */
function bookOf(outcome: "failed" | "dropped" | "held"): LoggerBook {
  const book = new LoggerBook();
  book.counts.accepted = 20;
  book.counts.delivered = 20;
  book.later.claimed = 10;
  book.later[outcome] = 10;
  return book;
}

describe("LoggerBook.totals", () => {
  it.each([
    { outcome: "failed", stats: { failed: 10 }, total: "failed" },
    { outcome: "dropped", stats: { dropped: 10 }, total: "dropped" },
    { outcome: "held", stats: { buffered: 10 }, total: "pending" },
  ] as const)(
    "counts what receipts report only once behind a wrapper that shows stats(): $outcome",
    ({ outcome, stats, total }) => {
      const totals = bookOf(outcome).totals(stats);
      expect(totals).toMatchObject({ accepted: 20, delivered: 10, [total]: 10 });
    },
  );

  it("adds losses of events without a receipt, but no more than there are", () => {
    expect(bookOf("failed").totals({ failed: 13 })).toMatchObject({ delivered: 7, failed: 13 });
    expect(bookOf("failed").totals({ failed: 99 })).toMatchObject({ delivered: 0, failed: 20 });
  });
});
