import { describe, expect, it, vi } from "vitest";
import { eppo } from "../src/eppo.js";
import { type AssignmentEvent, type Client, createClient, shadow } from "../src/index.js";
import { Configuration } from "./eppo-client.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

interface FlagOptions {
  /** Whether only the first half of the traffic gets a variation. */
  readonly isHalf?: boolean;
  readonly value?: unknown;
  readonly type?: string;
  readonly country?: string;
  readonly salt?: string;
}

/** A flag that assigns one value, or splits traffic if it has a salt. */
function flag(
  key: string,
  { country, isHalf = false, salt, type = "STRING", value = "a" }: FlagOptions = {},
): object {
  const halves = ["on", "off"].map((variationKey, i) => ({
    variationKey,
    shards: [{ salt, ranges: [{ start: i * 5_000, end: (i + 1) * 5_000 }] }],
  }));
  const rules = [{ conditions: [{ attribute: "country", operator: "ONE_OF", value: [country] }] }];
  return {
    ...{ key, enabled: true, variationType: type, totalShards: 10_000 },
    variations: { on: { key: "on", value }, off: { key: "off", value: "b" } },
    allocations: [
      {
        ...{ key: "all", doLog: true },
        ...(country !== undefined && { rules }),
        splits:
          salt === undefined
            ? [{ shards: [], variationKey: "on" }]
            : halves.slice(0, isHalf ? 1 : 2),
      },
    ],
  };
}

function clientOf(flags: Readonly<Record<string, object>> | null) {
  const events: AssignmentEvent[] = [];
  const initialConfiguration =
    flags === null
      ? undefined
      : Configuration.from({
          flagsConfiguration: JSON.stringify({
            createdAt: "2025-12-31T00:00:00.000Z",
            format: "SERVER",
            environment: { name: "Test" },
            flags,
          }),
        });
  const warn = vi.fn();
  const onEvaluation = vi.fn();
  const client = createClient({
    ...{ dialect: eppo(), initialConfiguration, onEvaluation },
    assignmentLogger: { logAssignment: (event) => void events.push(event) },
    diagnostics: { ...SILENT, warn },
    // Comparisons take no time on this clock, so all of them run.
    clock: { monotonicMs: () => 0 },
  });
  return { client, events, onEvaluation, warn };
}

const get = (client: Client, flagKey: string, subject = "alice", country = "DE"): string =>
  client.getStringAssignment(flagKey, subject, { country }, "default");

describe("shadow", () => {
  it.each([
    { because: "both split in halves", old: {}, next: {} },
    { because: "the remainder of one is the default", old: {}, next: { isHalf: true } },
    { because: "all subjects meet a condition", old: { country: "DE" }, next: {} },
    {
      because: "both have a condition and a remainder",
      old: { country: "DE", isHalf: true },
      next: { country: "DE", isHalf: true },
    },
  ])("counts only differences of hashes, because $because", ({ next, old }) => {
    const one = clientOf({ test: flag("test", { salt: "one", ...old }) });
    const two = clientOf({ test: flag("test", { salt: "two", ...next }) });
    const flags = shadow({ primary: one.client, candidate: two.client });
    for (let i = 0; i < 100; i++) get(flags, "test", `user-${i}`);
    const { agree = 0, differ = {} } = flags.report().flags["test"] ?? {};
    expect(agree).toBeGreaterThan(10);
    expect(differ).toMatchObject({ split: 100 - agree });
  });

  it("does not blame a hash if a rule decides on one side", () => {
    const one = clientOf({ test: flag("test", { country: "DK", salt: "one" }) });
    const two = clientOf({ test: flag("test", { salt: "two" }) });
    const flags = shadow({ primary: one.client, candidate: two.client });
    for (let i = 0; i < 10; i++) get(flags, "test", `user-${i}`);
    expect(flags.report().flags["test"]?.differ).toMatchObject({ default: 10, split: 0 });
  });

  it("serves the primary's values and exposures, and counts what the candidate would change", () => {
    const old = clientOf({ same: flag("same"), other: flag("other"), gone: flag("gone") });
    const next = clientOf({ same: flag("same"), other: flag("other", { value: "c" }) });
    const flags = shadow({ primary: old.client, candidate: next.client });
    expect(["same", "other", "gone"].map((key) => get(flags, key))).toEqual(["a", "a", "a"]);
    expect(old.events.map(({ featureFlag }) => featureFlag)).toEqual(["same", "other", "gone"]);
    expect(next.events).toEqual([]);
    const { examples, ...counted } = flags.report();
    expect(flags.status.counters.shadow).toEqual(counted);
    const { compared, flags: counts } = counted;
    expect(compared).toBe(3);
    expect(counts["same"]).toMatchObject({ agree: 1 });
    expect(counts["other"]).toMatchObject({ agree: 0, differ: { value: 1 } });
    expect(counts["gone"]).toMatchObject({ differ: { "only-in-primary": 1 } });
    expect(examples[0]).toEqual({
      flagKey: "other",
      kind: "value",
      subject: expect.stringMatching(/^[0-9a-f]{32}$/),
      attributes: ["country"],
      primary: {
        value: '"a"',
        variation: "on",
        allocation: "all",
        reason: "static",
        errorCode: null,
      },
      candidate: {
        value: '"c"',
        variation: "on",
        allocation: "all",
        reason: "static",
        errorCode: null,
      },
    });
    expect(JSON.stringify(examples)).not.toMatch(/alice|DE/);
  });

  it("refuses a shadow as a side", () => {
    const [one, two, three] = [clientOf({}), clientOf({}), clientOf({})].map((it) => it.client);
    const inner = shadow({ primary: one as Client, candidate: two as Client });
    const other = three as Client;
    expect(() => shadow({ primary: inner, candidate: other })).toThrow("primary: expected");
    expect(() => shadow({ primary: other, candidate: inner })).toThrow("candidate: expected");
  });

  it("leaves no trace on the side that does not serve, even in strict mode", () => {
    const [old, next] = [
      clientOf({ flag: flag("flag"), absent: flag("absent"), broken: flag("broken") }),
      clientOf({ flag: flag("flag"), broken: { ...flag("broken"), allocations: 5 } }),
    ];
    next.client.setIsGracefulMode(false);
    const before = JSON.stringify(next.client.status.counters);
    const flags = shadow({ primary: old.client, candidate: next.client });
    for (let i = 0; i < 200; i++) {
      for (const key of ["flag", "absent", "broken"]) get(flags, key, `subject-${i}`);
      flags.getIntegerAssignmentDetails("flag", "", [] as never, 1);
    }
    expect(JSON.stringify(next.client.status.counters)).toBe(before);
    expect(next.warn).not.toHaveBeenCalled();
    expect(next.onEvaluation).not.toHaveBeenCalled();
    expect([old.events.length, next.events.length]).toEqual([600, 0]);
    // What it does not log, it does not remember as logged.
    flags.serveFrom("candidate");
    get(flags, "flag", "subject-0");
    expect(next.events).toHaveLength(1);
  });

  it("serves and logs from the candidate after the switch, and compares with the primary", () => {
    const [old, next] = [
      clientOf({ flag: flag("flag") }),
      clientOf({ flag: flag("flag", { value: "c" }) }),
    ];
    const flags = shadow({ primary: old.client, candidate: next.client });
    flags.serveFrom("candidate");
    expect(get(flags, "flag")).toBe("c");
    expect([old.events.length, next.events.length]).toEqual([0, 1]);
    expect(flags.report().flags["flag"]).toMatchObject({ differ: { value: 1 } });
    flags.serveFrom((_, subject) => (subject === "bob" ? "candidate" : "primary"));
    expect([get(flags, "flag", "alice"), get(flags, "flag", "bob")]).toEqual(["a", "c"]);
    expect(old.events.map(({ subject }) => subject)).toEqual(["alice"]);
    expect(next.events.map(({ subject }) => subject)).toEqual(["alice", "bob"]);
  });

  const UNDECIDED: readonly (readonly [string, Parameters<typeof clientOf>[0]])[] = [
    ["lacks the flag", {}],
    ["has no configuration", null],
    ["fails to evaluate it", { flag: { ...flag("flag"), allocations: 5 } }],
  ];

  it.each(UNDECIDED)(
    "never serves from the candidate before the switch, even if the primary %s",
    (_, primary) => {
      const [old, next] = [clientOf(primary), clientOf({ flag: flag("flag") })];
      const flags = shadow({ primary: old.client, candidate: next.client });
      expect(get(flags, "flag")).toBe("default");
      expect(next.events).toEqual([]);
      flags.serveFrom((_key, subject) => (subject === "bob" ? "candidate" : "primary"));
      expect(get(flags, "flag")).toBe("a");
      flags.serveFrom("primary");
      expect(get(flags, "flag")).toBe("default");
    },
  );

  it.each(UNDECIDED)("serves from the other side if the candidate %s", (_, candidate) => {
    const [old, next] = [clientOf({ flag: flag("flag") }), clientOf(candidate)];
    const flags = shadow({ primary: old.client, candidate: next.client });
    flags.serveFrom("candidate");
    expect(get(flags, "flag")).toBe("a");
    expect(old.events).toHaveLength(1);
    expect(flags.report().flags["flag"]).toMatchObject({ servedByOther: 1 });
  });

  it.each([
    ["agree", flag("f"), flag("f"), null],
    ["type", flag("f"), flag("f", { type: "INTEGER", value: 3 }), "failed"],
    ["default", flag("f", { country: "DE" }), flag("f", { country: "FR" }), "default"],
    ["split", flag("f", { salt: "a" }), flag("f", { salt: "b" }), "split"],
  ])("distinguishes %s from other differences", (name, first, second, kind) => {
    const [old, next] = [clientOf({ f: first }), clientOf({ f: second })];
    const flags = shadow({ primary: old.client, candidate: next.client });
    for (let i = 0; i < 50; i++) get(flags, "f", `subject-${i}`);
    const { agree, differ } = flags.report().flags["f"] ?? { agree: 0, differ: {} };
    if (kind === null) expect(agree).toBe(50);
    else if (name === "split") expect(differ).toMatchObject({ value: 0, split: 50 - agree });
    else if (name === "type") expect(differ).toMatchObject({ "only-in-primary": 50 });
    else expect(differ).toMatchObject({ [kind]: 50 });
  });

  it("renames flags, values, attributes and the subject by the map", () => {
    const old = clientOf({ old: flag("old", { country: "DE" }) });
    const requests: unknown[] = [];
    const flags = shadow({
      primary: old.client,
      candidate: (request) => {
        requests.push(request);
        return { value: true, variation: "treatment" };
      },
      map: {
        flags: { old: { new: "renamed", values: [["a", true]] } },
        attributes: { country: "region" },
        subject: "account",
      },
    });
    const attributes = { country: "DE", account: 7 };
    expect(flags.getStringAssignment("old", "alice", attributes, "default")).toBe("a");
    expect(requests).toEqual([
      {
        flagKey: "renamed",
        subjectKey: "7",
        attributes: { region: "DE", account: 7 },
        type: "string",
        defaultValue: "default",
      },
    ]);
    expect(flags.report().flags["old"]).toMatchObject({ agree: 1 });
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no"))],
    ["never settles", () => new Promise<never>(() => {})],
    ["returns a symbol", () => ({ value: Symbol("x") })],
    ["returns 10 MB", () => ({ value: "x".repeat(10_000_000) })],
    ["returns nothing", () => undefined as unknown as { value: unknown }],
  ])("is not disturbed by a candidate that %s", async (_, candidate) => {
    const alone = clientOf({ flag: flag("flag") });
    const old = clientOf({ flag: flag("flag") });
    const flags = shadow({ primary: old.client, candidate });
    for (let i = 0; i < 20; i++) {
      expect(get(flags, "flag", `s-${i}`)).toBe(get(alone.client, "flag", `s-${i}`));
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(old.events.length).toBe(alone.events.length);
    expect(old.client.status.counters).toEqual(alone.client.status.counters);
    expect(JSON.stringify(flags.report()).length).toBeLessThan(20_000);
  });

  it.each(["candidate", () => "candidate"] as const)("never serves from a function", (side) => {
    const old = clientOf({ flag: flag("flag") });
    const flags = shadow({ primary: old.client, candidate: () => ({ value: "c" }) });
    expect(() => flags.serveFrom(side)).toThrow(/a candidate that is a function is only compared/);
    flags.serveFrom("primary");
    expect(get(flags.withOverrides({ other: "on" }), "flag")).toBe("a");
    expect(flags.forSubject({ subjectKey: "alice" }).getStringAssignment("flag", "-")).toBe("a");
    expect(flags.report().flags["flag"]).toMatchObject({ differ: { value: 1 } });
  });

  it("compares all calls of a subject or none", () => {
    const [old, next] = [clientOf({ flag: flag("flag") }), clientOf({ flag: flag("flag") })];
    const flags = shadow({ primary: old.client, candidate: next.client, sample: 0.1 });
    const subjects = Array.from({ length: 2_000 }, (_, i) => `subject-${i}`);
    for (const it of subjects) get(flags, "flag", it);
    const first = flags.report().compared;
    expect(first).toBeGreaterThan(140);
    expect(first).toBeLessThan(260);
    for (const it of subjects) get(flags, "flag", it);
    expect(flags.report().compared).toBe(2 * first);
  });

  it("skips comparisons for a second after one took too long", () => {
    let nowMs = 0;
    const configured = clientOf({ flag: flag("flag", { type: "INTEGER", value: 1 }) });
    const primary = createClient({
      ...{ dialect: eppo(), diagnostics: SILENT, assignmentLogger: null },
      initialConfiguration: configured.client.getConfiguration() ?? undefined,
      clock: { monotonicMs: () => nowMs },
    });
    const flags = shadow({
      primary,
      candidate: () => {
        nowMs += 200;
        return { value: 1 };
      },
    });
    const compare = (): number => {
      flags.getIntegerAssignment("flag", "alice", {}, 1);
      return flags.report().compared;
    };
    expect([compare(), compare()]).toEqual([1, 1]);
    nowMs += 999;
    expect(compare()).toBe(1);
    nowMs += 1;
    expect(compare()).toBe(2);
    expect(flags.report().skipped).toBe(2);
  });

  it("notifies once per flag and kind, even if the listener throws", () => {
    const error = vi.fn();
    const configured = clientOf({ flag: flag("flag") });
    const primary = createClient({
      ...{ dialect: eppo(), diagnostics: { ...SILENT, error }, assignmentLogger: null },
      initialConfiguration: configured.client.getConfiguration() ?? undefined,
    });
    const onDifference = vi.fn(() => {
      throw new Error("listener");
    });
    const flags = shadow({ primary, candidate: () => ({ value: "c" }), onDifference });
    for (let i = 0; i < 5; i++) get(flags, "flag", `s-${i}`);
    expect(onDifference).toHaveBeenCalledTimes(1);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it("flushes and closes both clients, and applies overrides to both", async () => {
    const [old, next] = [clientOf({ flag: flag("flag") }), clientOf({ flag: flag("flag") })];
    const flags = shadow({ primary: old.client, candidate: next.client });
    const overridden = flags.withOverrides({ flag: { key: "x", value: "forced" } });
    expect(get(overridden, "flag")).toBe("forced");
    flags.serveFrom("candidate");
    expect(flags.sides).toMatchObject({ serving: "candidate", primary: {}, candidate: {} });
    await flags.close();
    expect([old.client.status.state, next.client.status.state]).toEqual(["closed", "closed"]);
    expect(flags.status.state).toBe("closed");
  });

  it.each([
    [{ sample: 2 }, "sample: expected a number from 0 to 1, got 2"],
    [{ sample: "1" }, "sample: expected a number from 0 to 1, got 1"],
    [{ samples: 1 }, 'shadow(): unknown option "samples", did you mean sample?'],
    [{ old: 1 }, 'shadow(): unknown option "old"; the options are primary, candidate, map'],
    [{ primary: Promise.resolve() }, "primary: is a promise: await it"],
    [{ candidate: Promise.resolve() }, "candidate: is a promise: await it"],
    [
      { candidate: {} },
      "candidate: expected a client, such as await init({ apiKey, dialect }), or a function (request) => ({ value })",
    ],
    [
      { map: { flags: { flga: "x" } } },
      "map.flags.flga: neither side has this flag, did you mean flag?",
    ],
    [{ map: { flags: { flag: { new: "" } } } }, "map.flags.flag.new: expected a non-empty string"],
    [{ map: { flag: {} } }, "map.flag: unknown option, did you mean flags?"],
  ])("refuses %j", (options, message) => {
    const [old, next] = [clientOf({ flag: flag("flag") }), clientOf({ flag: flag("flag") })];
    const given = { primary: old.client, candidate: next.client, ...options };
    expect(() => shadow(given as Parameters<typeof shadow>[0])).toThrow(message);
  });

  it.each([
    {
      key: "flga",
      warnings: ["shadow(): map.flags.flga: neither side has this flag, did you mean flag?"],
    },
    { key: "left-the-primary", warnings: [] },
  ])("warns of a misspelled key whose flag the candidate has: $key", ({ key, warnings }) => {
    const [old, next] = [clientOf({ flag: flag("flag") }), clientOf({ next: flag("next") })];
    shadow({ primary: old.client, candidate: next.client, map: { flags: { [key]: "next" } } });
    expect(old.warn.mock.calls.map(([text]) => text)).toEqual(warnings);
  });

  it("refuses one client on both sides", () => {
    const { client } = clientOf({});
    expect(() => shadow({ primary: client, candidate: client })).toThrow(
      "candidate: expected a client other than the primary",
    );
  });
});

describe("a mistake in a shadow", () => {
  it.each<[string, object, unknown, string]>([
    [
      "a side of another name",
      {},
      () => "new",
      'serveFrom: the function returned "new", so the primary serves: return "primary" or "candidate"',
    ],
    [
      "a map in the other direction",
      { map: { flags: { next: "old" } } },
      "primary",
      "shadow(): map.flags.next: the map is reversed, because the primary has old instead: write map: { flags: { primaryKey: candidateKey } }",
    ],
  ])("is reported: %s", (_, options, side, message) => {
    const primary = clientOf({ old: flag("old") });
    const candidate = clientOf({ next: flag("next") });
    const client = shadow({ primary: primary.client, candidate: candidate.client, ...options });
    client.serveFrom(side as never);
    get(client, "old");
    expect(primary.warn.mock.calls.map(([text]) => text)).toContain(message);
  });
});
