import { describe, expect, it } from "vitest";
import { Configuration, createClient } from "../../test/eppo-client.js";
import { exposureCounters, withOwnSettings } from "../client/client-internals.js";
import type { AssignmentEvent } from "../model/exposure.js";

const FLAG = {
  key: "f",
  enabled: true,
  variationType: "STRING",
  variations: { on: { key: "on", value: "on" } },
  totalShards: 1,
  allocations: [{ key: "a", doLog: true, splits: [{ variationKey: "on", shards: [] }] }],
};

function setUp() {
  const events: string[] = [];
  const own: string[] = [];
  const loggerTo = (subjects: string[]) => ({
    logAssignment: ({ subject }: AssignmentEvent) => void subjects.push(subject),
  });
  const client = createClient({
    initialConfiguration: Configuration.from({
      flagsConfiguration: JSON.stringify({ format: "SERVER", flags: { f: FLAG } }),
    }),
    assignmentLogger: loggerTo(events),
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return { client, copy: withOwnSettings(client, loggerTo(own)), events, own };
}

describe("a client with its own settings", () => {
  it("logs to its own loggers, and counts with the original", () => {
    const { client, copy, events, own } = setUp();
    client.getStringAssignment("f", "alice", {}, "x");
    for (const subject of ["alice", "bob"]) copy.getStringAssignment("f", subject, {}, "x");
    copy.setAssignmentLogger(null);
    copy.getStringAssignment("f", "carl", {}, "x");
    expect([events, own]).toEqual([["alice"], ["bob"]]);
    expect(exposureCounters(client)).toMatchObject({ accepted: 2, deduplicated: 1 });
    expect(exposureCounters(copy)).toEqual(exposureCounters(client));
  });

  it("keeps its mode when the original's mode changes", () => {
    const { client, copy } = setUp();
    client.setIsGracefulMode(false);
    expect(() => client.getStringAssignment("f", "", {}, "x")).toThrow("blank");
    expect(copy.getStringAssignment("f", "", {}, "x")).toBe("x");
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    expect(() => client.getPrecomputedConfiguration("alice", cyclic as never)).toThrow();
    expect(copy.getPrecomputedConfiguration("alice", cyclic as never)).toContain("alice");
  });

  it("closes with the original", async () => {
    const { client, copy, own } = setUp();
    await client.close();
    copy.getStringAssignment("f", "alice", {}, "x");
    expect(own).toEqual([]);
    expect(exposureCounters(client).refused.closed).toBe(1);
  });
});
