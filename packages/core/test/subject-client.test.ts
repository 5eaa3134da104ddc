import { describe, expect, it, vi } from "vitest";
import {
  type AssignmentEvent,
  type ClientOptions,
  type ObservedEvaluation,
  shadow,
} from "../src/index.js";
import { Configuration, createClient } from "./eppo-client.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function flag(key: string, variationType: string, value: unknown): object {
  const split = { shards: [], variationKey: "on" };
  return {
    ...{ key, enabled: true, variationType, totalShards: 10_000 },
    variations: { on: { key: "on", value }, off: { key: "off", value } },
    allocations: [{ key: "all", doLog: true, splits: [split] }],
  };
}

function configurationOf(suffix = ""): Configuration {
  const flags = {
    text: flag("text", "STRING", `text${suffix}`),
    json: flag("json", "JSON", `{"a":"${suffix}"}`),
    count: flag("count", "INTEGER", 3),
  };
  const payload = { createdAt: "2026-01-01T00:00:00.000Z", format: "SERVER", flags };
  return Configuration.from({ flagsConfiguration: JSON.stringify(payload) });
}

function setUp(options: ClientOptions = {}) {
  const events: AssignmentEvent[] = [];
  const seen: ObservedEvaluation[] = [];
  const warn = vi.fn();
  const client = createClient({
    initialConfiguration: configurationOf(),
    assignmentLogger: { logAssignment: (event) => void events.push(event) },
    onEvaluation: (it) => void seen.push(it),
    diagnostics: { ...SILENT, warn },
    clock: { monotonicMs: () => 0 }, // so that a shadow compares every call
    ...options,
  });
  return { client, events, seen, warn };
}

describe("forSubject", () => {
  it("evaluates each flag and type once", () => {
    const { client, seen } = setUp();
    const flags = client.forSubject({ subjectKey: "alice" });
    for (let i = 0; i < 3; i++) {
      flags.getStringAssignment("text", "x");
      flags.getStringAssignmentDetails("text", "x");
      flags.getJSONAssignment("json", {});
      flags.getBooleanAssignment("text", false);
    }
    expect(seen.map(({ flagKey, reason }) => [flagKey, reason])).toEqual([
      ["text", "static"],
      ["json", "static"],
      ["text", "error"],
    ]);
    expect(client.status.counters.evaluations.typeMismatch).toBe(1);
  });

  it("returns the caller's own default if nothing is assigned", () => {
    const { client } = setUp();
    const flags = client.forSubject({ subjectKey: "alice" });
    const [one, two] = [{ own: 1 }, { own: 2 }];
    expect(flags.getJSONAssignment("absent", one)).toBe(one);
    expect(flags.getJSONAssignment("absent", two)).toBe(two);
    expect(client.status.counters.evaluations.unknownFlag).toBe(1);
  });

  it("returns a new JSON value to each caller", () => {
    const { client } = setUp();
    const given = { a: "override" };
    const overrides = { text: { key: "own", value: given } };
    const flags = client.forSubject({ subjectKey: "alice", overrides });
    for (const key of ["json", "text"]) {
      const [one, two] = [flags.getJSONAssignment(key, {}), flags.getJSONAssignment(key, {})];
      expect(one).toEqual(two);
      expect(one).not.toBe(two);
      expect(one).not.toBe(given);
    }
  });

  it("keeps exposures until they are shown, and counts them", () => {
    const { client, events, warn } = setUp();
    const counts = () => {
      const { kept, shown } = client.status.counters.exposures;
      return { kept, shown };
    };
    const flags = client.forSubject({ subjectKey: "alice", exposures: "on-show" });
    flags.getStringAssignment("text", "x");
    flags.getIntegerAssignment("count", 0);
    expect(flags.getStringAssignmentDetails("text", "x").exposure.reason).toBe("unshown");
    expect(events).toEqual([]);
    expect(counts()).toEqual({ kept: 2, shown: 0 });
    const first = flags.exposed("text");
    expect(first).toMatchObject([{ logged: true, reason: "delivered" }]);
    expect(flags.exposed("text")).toEqual(first);
    expect(events.map(({ featureFlag }) => featureFlag)).toEqual(["text"]);
    expect(flags.getStringAssignmentDetails("text", "x").exposure.reason).toBe("delivered");
    expect(counts()).toEqual({ kept: 2, shown: 1 });
    for (let i = 0; i < 2; i++) expect(flags.exposed("json")).toEqual([]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('exposed("json")');
  });

  it("returns the outcomes of exposures that were logged on read", () => {
    const { client, events } = setUp();
    const flags = client.forSubject({ subjectKey: "alice" });
    flags.getStringAssignment("text", "x");
    expect(flags.exposed("text")).toMatchObject([{ reason: "delivered" }]);
    expect(events).toHaveLength(1);
  });

  it("does not remember an error of strict mode", () => {
    const { client } = setUp();
    client.setIsGracefulMode(false);
    const flags = client.forSubject({ subjectKey: "alice", exposures: "on-show" });
    expect(() => flags.getBooleanAssignment("text", false)).toThrow("type");
    client.setIsGracefulMode(true);
    expect(flags.getBooleanAssignment("text", false)).toBe(false);
    expect(client.status.counters.exposures.kept).toBe(0);
  });

  it("adds its overrides to the client's", () => {
    const overrides = { text: { key: "client", value: "client" }, count: { key: "c", value: 7 } };
    const { client } = setUp({ overrides });
    const own = { text: { key: "subject", value: "subject" } };
    const flags = client.forSubject({ subjectKey: "alice", overrides: own });
    expect(flags.getStringAssignment("text", "x")).toBe("subject");
    expect(flags.getIntegerAssignment("count", 0)).toBe(7);
    expect(client.getStringAssignment("text", "alice", {}, "x")).toBe("client");
  });

  it.each([
    [{ subjectKey: "a", attribute: {} }, "did you mean attributes?"],
    [{ subjectKey: "a", exposures: "later" }, "exposures: expected"],
    [{ subjectKey: "a", overrides: { text: 5 } }, "overrides.text: expected"],
    [undefined, "forSubject: expected an object, got undefined"],
    [null, "forSubject: expected an object, got null"],
    ["alice", "forSubject: got a string: write forSubject({ subjectKey, attributes })"],
  ])("refuses %j", (options, message) => {
    const { client } = setUp();
    expect(() => client.forSubject(options as never)).toThrow(message);
    for (const own of [client, shadow({ primary: client, candidate: setUp().client })]) {
      const forSubject = own.forSubject.bind(own) as (...given: readonly object[]) => unknown;
      const given = [{ subjectKey: "a" }, { country: "DK" }];
      expect(() => forSubject(...given)).toThrow("takes one argument");
      expect(() => [{ subjectKey: "a" }].map(own.forSubject.bind(own))).not.toThrow();
    }
  });

  it("has no bandits", () => {
    const flags = setUp().client.forSubject({ subjectKey: "alice" });
    const untyped = flags as unknown as { getBanditAction(flag: string): unknown };
    expect(() => untyped.getBanditAction("text")).toThrow("call getBanditAction of the client");
  });

  it("translates overrides to the names of a shadow's candidate", () => {
    const [old, next] = [setUp(), setUp()];
    const map = { flags: { checkout: { new: "text", values: [["long", "text"]] as const } } };
    const both = shadow({ primary: old.client, candidate: next.client, map });
    both.serveFrom("candidate");
    const overrides = { checkout: { key: "own", value: "long" } };
    const flags = both.forSubject({ subjectKey: "alice", overrides });
    const subject = flags.getStringAssignmentDetails("checkout", "x");
    const copy = both.withOverrides(overrides).getStringAssignmentDetails("checkout", "a", {}, "x");
    for (const it of [subject, copy])
      expect(it).toMatchObject({ value: "long", reason: "override" });
    expect(next.seen.map(({ flagKey, value }) => [flagKey, value])).toEqual([
      ["text", "text"],
      ["text", "text"],
    ]);
  });

  it("pins both sides of a shadow when it is created", () => {
    const [old, next] = [setUp(), setUp()];
    const both = shadow({ primary: old.client, candidate: next.client });
    const flags = both.forSubject({ subjectKey: "alice", exposures: "on-show" });
    const later = both.forSubject({ subjectKey: "alice" });
    old.client.setConfiguration(configurationOf(" new"));
    next.client.setConfiguration(configurationOf(" new"));
    expect(flags.getStringAssignment("text", "x")).toBe("text");
    expect(both.report().flags["text"]).toMatchObject({ agree: 1 });
    expect(next.client.status.counters.exposures.kept).toBe(0);
    flags.exposed("text");
    expect([old.events.length, next.events.length]).toEqual([1, 0]);
    both.serveFrom("candidate");
    expect(later.getStringAssignmentDetails("text", "x")).toMatchObject({ value: "text" });
    expect([old.events.length, next.events.length]).toEqual([1, 1]);
  });
});
