import { describe, expect, it } from "vitest";
import type { AssignmentEvent } from "../../src/model/exposure.js";
import { contextOf, createLogger, setUp } from "./set-up.js";

const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;
// An untyped caller may pass anything.
const attributes = { country: "DK", visits: 10n, cycle } as never;
const context = contextOf({ subject: { key: "alice", attributes } });

describe("subject attributes that JSON cannot express", () => {
  it.each([
    { how: "throws", wrap: (log: (event: AssignmentEvent) => void) => log },
    {
      how: "rejects",
      wrap: (log: (event: AssignmentEvent) => void) => async (event: AssignmentEvent) => log(event),
    },
  ])("are left out only for a logger that $how because of them", async ({ wrap }) => {
    const lines: string[] = [];
    const json = {
      name: "json",
      logAssignment: wrap((event) => void lines.push(JSON.stringify(event.subjectAttributes))),
    };
    const other = { ...createLogger(), name: "other" };
    const { clock, countersOf, record, reports } = setUp([json, other]);
    record(context);
    await clock.advance(0);
    expect(lines).toEqual(['{"country":"DK"}']);
    expect(other.events[0]?.subjectAttributes).toBe(attributes);
    expect(countersOf("json")).toMatchObject({
      ...{ accepted: 1, delivered: 1, deliveredInPart: 1, inFlight: 0 },
      dropped: { "logger-threw": 0, "logger-rejected": 0 },
    });
    expect(countersOf("other")).not.toHaveProperty("deliveredInPart");
    expect(reports).toEqual([
      {
        level: "warn",
        message: "exposure logged without the attributes that JSON cannot express",
        facts: { flag: "checkout", logger: "json" },
      },
    ]);
    expect(record(context).reason).toBe("deduplicated");
  });

  it("do not save an exposure if the logger also fails without them", () => {
    let calls = 0;
    const logAssignment = (): void => {
      calls += 1;
      throw new Error("no");
    };
    const { countersOf, record } = setUp({ logAssignment });
    record(context);
    record(contextOf());
    expect(calls).toBe(3);
    expect(countersOf()).toMatchObject({ delivered: 0, dropped: { "logger-threw": 2 } });
  });
});
