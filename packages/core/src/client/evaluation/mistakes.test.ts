import { describe, expect, it } from "vitest";
import { Configuration, createClient } from "../../../test/eppo-client.js";
import type { EvaluationDetails } from "../../eppo/evaluation-details.js";
import type { Client } from "../client.js";
import type { ClientOptions } from "../options.js";

const NONE = {
  unknownFlag: 0,
  typeMismatch: 0,
  invalidSubject: 0,
  failed: 0,
  ignoredOverride: 0,
};

function bodyOf(): string {
  const flag = (key: string, rules: readonly unknown[] = []) => ({
    key,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { on: { key: "on", value: "on" } },
    allocations: [{ key: "all", rules, splits: [{ variationKey: "on", shards: [] }], doLog: true }],
  });
  const broken = [{ conditions: [{ attribute: "plan", operator: "MATCHES", value: "(" }] }];
  const dated = [{ conditions: [{ attribute: "plan", operator: "GT", value: 1 }] }];
  return JSON.stringify({
    flags: {
      dated: flag("dated", dated),
      checkout: flag("checkout"),
      banner: flag("banner"),
      broken: flag("broken", broken),
    },
  });
}

interface SetUp {
  readonly client: Client<EvaluationDetails>;
  /** Warnings, each as message and facts. */
  readonly warnings: readonly (readonly [string, unknown])[];
}

function setUp(options: ClientOptions<EvaluationDetails> = {}): SetUp {
  const warnings: [string, unknown][] = [];
  const client = createClient({
    initialConfiguration: Configuration.from({ flagsConfiguration: bodyOf() }),
    assignmentLogger: null,
    diagnostics: {
      debug() {},
      info() {},
      warn: (message, facts) => warnings.push([message, facts]),
      error() {},
    },
    ...options,
  });
  return { client, warnings };
}

const ask = (client: Client<EvaluationDetails>, flag: unknown, subject: unknown, attributes = {}) =>
  client.getStringAssignment(flag as string, subject as string, attributes, "default");

describe("a mistake", () => {
  it.each([
    {
      name: "an unknown flag",
      call: ({ client }: SetUp) => ask(client, "chekout", "s"),
      kind: "unknownFlag",
      warning: [
        'no such flag "chekout", did you mean "checkout"?',
        { cause: "unknown flag", flagKey: "chekout", nearest: "checkout" },
      ],
    },
    {
      name: "an unknown flag that resembles none",
      call: ({ client }: SetUp) => ask(client, "pricing-of-tickets", "s"),
      kind: "unknownFlag",
      warning: [
        'no such flag "pricing-of-tickets": default returned; the configuration has 4 flags, is it for the right environment?',
        { cause: "unknown flag", flagKey: "pricing-of-tickets" },
      ],
    },
    {
      name: "the key of a flag as the subject's",
      call: ({ client }: SetUp) => ask(client, "user-1", "checkout"),
      kind: "unknownFlag",
      warning: [
        'no such flag "user-1", but the subject key "checkout" is a flag: are the two keys swapped?',
        { cause: "unknown flag", flagKey: "user-1" },
      ],
    },
    {
      name: "a blank flag key",
      call: ({ client }: SetUp) => ask(client, "", "s"),
      kind: "unknownFlag",
      warning: [
        "flag key is blank: default returned; pass the key of a flag",
        { cause: "unknown flag", flagKey: "" },
      ],
    },
    {
      name: "a getter of another type",
      call: ({ client }: SetUp) => client.getBooleanAssignment("checkout", "s", {}, false),
      kind: "typeMismatch",
      warning: [
        'flag "checkout" is STRING, but was requested as boolean: default returned; use getStringAssignment',
        { cause: "flag of another type", flagKey: "checkout" },
      ],
    },
    {
      name: "a blank subject key",
      call: ({ client }: SetUp) => ask(client, "checkout", ""),
      kind: "invalidSubject",
      warning: [
        "subject key is blank: default returned; pass a string such as user.id",
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    },
    {
      name: "a subject key that is an object",
      call: ({ client }: SetUp) => ask(client, "checkout", { id: 5 }),
      kind: "invalidSubject",
      warning: [
        'subject key is an object, so all subjects share the key "[object Object]": pass a string such as user.id',
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    },
    {
      name: "a subject key that is a list",
      call: ({ client }: SetUp) => ask(client, "checkout", ["user", 1]),
      kind: "invalidSubject",
      warning: [
        "subject key is a list, not a string: pass a string such as user.id",
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    },
    {
      name: "a subject key that is bytes",
      call: ({ client }: SetUp) => ask(client, "checkout", Buffer.from("user-1")),
      kind: "invalidSubject",
      warning: [
        "subject key is an object, not a string: pass a string such as user.id",
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    },
    {
      name: "a subject key that is a promise",
      call: ({ client }: SetUp) => ask(client, "checkout", Promise.resolve("s")),
      kind: "invalidSubject",
      warning: [
        "subject key is a promise: await it, and pass the string",
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    },
    {
      name: "a subject key that is missing",
      call: ({ client }: SetUp) => ask(client, "checkout", undefined),
      kind: "invalidSubject",
      warning: [
        "subject key is undefined: default returned; pass a string such as user.id",
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    },
    {
      name: "attributes that are not an object",
      call: ({ client }: SetUp) => ask(client, "checkout", "s", "pro" as never),
      kind: "invalidSubject",
      warning: [
        'attributes are a string, which no condition can use: pass an object such as { country: "DK" }',
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    },
    ...[
      { attributes: ["pro"], what: "a list" },
      { attributes: new Map([["plan", "pro"]]), what: "a Map" },
    ].map(({ attributes, what }) => ({
      name: `attributes that are ${what}`,
      call: ({ client }: SetUp): unknown => ask(client, "checkout", "s", attributes as never),
      kind: null,
      warning: [
        `attributes are ${what}, which no condition can use: pass an object such as { country: "DK" }`,
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    })),
    {
      name: "attributes that are a promise",
      call: ({ client }: SetUp): unknown => ask(client, "checkout", "s", Promise.resolve({})),
      kind: null,
      warning: [
        "attributes are a promise: await it, and pass the object",
        { cause: "invalid subject", flagKey: "checkout" },
      ],
    },
    {
      name: "an override with the key of no variation",
      call: ({ client }: SetUp): unknown =>
        ask(client.withOverrides({ checkout: "of" }) as typeof client, "checkout", "s"),
      kind: "ignoredOverride",
      warning: [
        expect.stringContaining('override of flag "checkout" ignored, and the flag evaluated: '),
        expect.objectContaining({ cause: "override ignored", flagKey: "checkout" }),
      ],
    },
    {
      name: "a flag that is shown without a read",
      call: ({ client }: SetUp): unknown =>
        client.forSubject({ subjectKey: "s" }).exposed("checkout"),
      kind: null,
      warning: [
        'exposed("checkout"): nothing logged, because the flag was not read before; read it with a getter of the same client',
        { cause: "exposed without a read", flagKey: "checkout" },
      ],
    },
    {
      name: "a bandit's getter of a flag without a bandit",
      call: ({ client }: SetUp) => client.getBanditAction("checkout", "s", {}, ["a"], "b"),
      kind: null,
      warning: [
        'flag "checkout" has no bandit model, so no action is chosen: pass it as banditsConfiguration, or use getStringAssignment if the flag has no bandit',
        { cause: "flag without a bandit", flagKey: "checkout" },
      ],
    },
    {
      name: "an attribute whose getter throws",
      call: ({ client }: SetUp) =>
        ask(client, "broken", "s", {
          get plan(): string {
            throw new Error("secret");
          },
        }),
      kind: "failed",
      warning: [
        'flag "broken" cannot be evaluated: an exception, see the details of the call: default returned',
        { cause: "evaluation failed", flagKey: "broken" },
      ],
    },
  ] as const)("is counted each time and reported once: $name", ({ call, kind, warning }) => {
    const here = setUp();
    for (let i = 0; i < 3; i++) call(here);
    expect(here.client.status.counters.evaluations).toEqual({
      ...NONE,
      ...(kind === null ? {} : { [kind]: 3 }),
    });
    expect(here.warnings.filter(([message]) => message !== "configuration has issues")).toEqual([
      warning,
    ]);
  });

  it("is an evaluation after close, reported once", async () => {
    const { client, warnings } = setUp({ assignmentLogger: { logAssignment() {} } });
    await client.close();
    for (const subject of ["a", "b"]) expect(ask(client, "checkout", subject)).toBe("on");
    expect(warnings).toEqual([
      [
        "evaluated after close(): values are still returned, but exposures are not logged; close the client after the last evaluation",
        { cause: "evaluated after close" },
      ],
    ]);
  });

  it("names a value that does not fit its flag's type if no other getter would help", () => {
    const flag = {
      key: "price",
      enabled: true,
      variationType: "INTEGER",
      totalShards: 10_000,
      variations: { on: { key: "on", value: 1.5 } },
      allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }], doLog: false }],
    };
    const { client, warnings } = setUp({
      initialConfiguration: Configuration.from({
        flagsConfiguration: JSON.stringify({ flags: { price: flag } }),
      }),
    });
    expect(client.getIntegerAssignment("price", "s", {}, 7)).toBe(7);
    expect(warnings).toEqual([
      [
        "Variation (on) is configured for type INTEGER, but is set to incompatible value (1.5): default returned",
        { cause: "flag of another type", flagKey: "price" },
      ],
    ]);
  });

  it("names the environment of the configuration", () => {
    const environment = { name: "staging" };
    const { client, warnings } = setUp({
      initialConfiguration: Configuration.from({
        flagsConfiguration: JSON.stringify({ ...JSON.parse(bodyOf()), environment }),
      }),
    });
    ask(client, "pricing-of-tickets", "s");
    expect(warnings[0]?.[0]).toBe(
      'no such flag "pricing-of-tickets": default returned; the configuration of the environment "staging" has 4 flags, is it the right one?',
    );
  });

  it("is counted and reported in strict mode too", () => {
    const { client, warnings } = setUp({ isGracefulMode: false });
    expect(() => client.getBooleanAssignment("checkout", "s", {}, false)).toThrow();
    expect(warnings[0]?.[0]).toMatch(/requested as boolean: the call throws/);
    expect(client.status.counters.evaluations).toEqual({ ...NONE, typeMismatch: 1 });
    expect(warnings).toHaveLength(1);
  });

  it("is counted once by a client and its copies with overrides", () => {
    const { client, warnings } = setUp();
    const overridden = client.withOverrides({ checkout: { key: "on", value: "on" } });
    for (const each of [client, overridden]) ask(each, "unknown", "s");
    expect(overridden.status.counters.evaluations.unknownFlag).toBe(2);
    expect(warnings).toHaveLength(1);
  });

  it("of many flags is reported up to a limit, and counted beyond it", () => {
    const { client, warnings } = setUp();
    for (let i = 0; i < 1_000; i++) ask(client, `no-such-flag-${i}`, "s");
    expect(client.status.counters.evaluations.unknownFlag).toBe(1_000);
    expect(warnings).toHaveLength(100);
  });

  it("with a very long key is reported with the beginning of the key", () => {
    const { client, warnings } = setUp();
    ask(client, "x".repeat(1_000_000), "s");
    expect(warnings).toEqual([
      [
        expect.stringMatching(/^no such flag "x{200}"/),
        { cause: "unknown flag", flagKey: "x".repeat(200) },
      ],
    ]);
  });

  it("is not counted before there is a configuration, or if nothing is assigned", () => {
    const early = createClient({ diagnostics: { debug() {}, info() {}, warn() {}, error() {} } });
    ask(early, "checkout", "s");
    expect(early.status.counters.evaluations).toEqual(NONE);
    const { client, warnings } = setUp();
    expect(ask(client, "checkout", "s")).toBe("on");
    expect([client.status.counters.evaluations, warnings]).toEqual([NONE, []]);
  });
});

describe("an attribute with another name", () => {
  const conditions = [{ attribute: "country", operator: "ONE_OF", value: ["DK"] }];
  const flag = {
    ...{ key: "banner", enabled: true, variationType: "STRING", totalShards: 10_000 },
    variations: { on: { key: "on", value: "on" } },
    allocations: [
      {
        key: "a",
        rules: [{ conditions }],
        splits: [{ variationKey: "on", shards: [] }],
        doLog: true,
      },
    ],
  };
  const initialConfiguration = Configuration.from({
    flagsConfiguration: JSON.stringify({ flags: { banner: flag } }),
  });
  const getters = {
    ...{ boolean: "b", integer: "i", numeric: "n", string: "getStringValue", json: "j" },
  };
  const evaluate = (client: Client<EvaluationDetails>, reported: object) =>
    client.evaluate({
      ...{ flagKey: "banner", subjectKey: "s", subjectAttributes: { Country: "DK" } },
      ...reported,
    });

  it.each<[string, (client: Client<EvaluationDetails>) => unknown, number]>([
    ["a getter", (it) => ask(it, "banner", "s", { Country: "DK" }), 1],
    [
      "a getter of details",
      (it) => it.getStringAssignmentDetails("banner", "s", { Country: "DK" }, "default"),
      1,
    ],
    ["an adapter that names its getters", (it) => evaluate(it, { getters }), 1],
    ["a drop-in", (it) => evaluate(it, {}), 0],
  ])("is reported once by %s, unless it has its own messages", (_, call, count) => {
    const { client, warnings } = setUp({ initialConfiguration });
    const first = call(client);
    expect(call(client)).toEqual(first);
    const facts = { cause: "attribute with another name", flagKey: "banner", attribute: "country" };
    const message =
      'flag "banner" reads the attribute "country", but the subject has "Country": pass it as "country"';
    expect(warnings).toEqual(Array.from({ length: count }, () => [message, facts]));
  });

  it.each([
    { because: "one subject had the right name", subjects: [{ country: "SE" }, { Country: "DK" }] },
    { because: "it is within another one", subjects: [{ address: { country: "DK" } }] },
    { because: "the flag reads neither", subjects: [{ plan: "pro", Plan: "free" }] },
    { because: "the subject has both", subjects: [{ country: "SE", Country: "DK" }] },
    { because: "it is absent", subjects: [{}, { plan: "pro" }] },
  ])("is not reported if $because", ({ subjects }) => {
    const { client, warnings } = setUp({ initialConfiguration });
    for (const attributes of subjects) ask(client, "banner", "s", attributes);
    expect(warnings).toEqual([]);
  });

  it("costs one further evaluation for each flag, and none after the first calls", () => {
    let reads = 0;
    const attributes = {
      get country(): string {
        reads += 1;
        return "SE";
      },
    };
    const { client } = setUp({ initialConfiguration });
    for (let i = 0; i < 1_000; i++) ask(client, "banner", "s", attributes);
    expect(reads).toBe(1_001);
  });
});

describe("a call without a mistake", () => {
  it.each<[string, (client: Client<EvaluationDetails>) => unknown]>([
    ["a subject with the name of a flag", (it) => ask(it, "checkout", "banner")],
    ["a subject key with spaces around it", (it) => ask(it, "checkout", " user-1 ")],
    ["a subject key that is a word", (it) => ask(it, "checkout", "null")],
    ["attributes that are null", (it) => ask(it, "checkout", "s", null as never)],
    [
      "attributes with objects, lists, dates and numerals",
      (it) =>
        ask(it, "dated", "s", { company: { plan: 2 }, tags: ["x"], at: new Date(0), plan: "2" }),
    ],
    [
      "the subject key as the default value",
      (it) => it.forSubject({ subjectKey: "s" }).getStringAssignment("checkout", "s"),
    ],
    [
      "a flag that was read and shown twice",
      (it) => {
        const flags = it.forSubject({ subjectKey: "s", exposures: "on-show" });
        flags.getStringAssignment("checkout", "default");
        for (let i = 0; i < 2; i++) flags.exposed("checkout");
      },
    ],
  ])("is not reported: %s", (_, call) => {
    const { client, warnings } = setUp();
    call(client);
    expect(warnings).toEqual([]);
    expect(client.status.counters.evaluations).toEqual(NONE);
  });
});

describe("a missing default value", () => {
  it("is reported once for each flag", () => {
    const { client, warnings } = setUp({});
    const { getStringAssignment } = client as unknown as {
      getStringAssignment(...args: readonly unknown[]): unknown;
    };
    const get = getStringAssignment.bind(client);
    for (let i = 0; i < 2; i++) get("banner", "s", { country: "DK" });
    get("other", "s", "in the place of the attributes");
    const message =
      "the default value is missing: write getStringAssignment(flagKey, subjectKey, attributes, defaultValue)";
    const reported = warnings.filter(([text]) => text === message);
    expect(reported).toEqual([[message, { cause: "no default value", flagKey: "banner" }]]);
  });
});

describe("a default value of another type than the getter's", () => {
  const cause = "default value of another type";
  const getters = {
    ...{ boolean: "getBooleanValue", integer: "getNumberValue", numeric: "getNumberValue" },
    ...{ string: "getStringValue", json: "getObjectValue" },
  };
  const evaluate = (client: Client<EvaluationDetails>, request: object) =>
    client.evaluate({ flagKey: "banner", subjectKey: "s", defaultValue: 1, ...request });

  it.each<[string, (client: Client<EvaluationDetails>) => unknown, string | null]>([
    [
      "of a getter",
      (it) => it.getStringAssignment("banner", "s", {}, false as never),
      "getStringAssignment(): the default value is a boolean, which is returned if no variation is assigned: pass a string",
    ],
    [
      "of a getter of details",
      (it) => it.getNumericAssignmentDetails("banner", "s", {}, "1" as never),
      "getNumericAssignment(): the default value is a string, which is returned if no variation is assigned: pass a number",
    ],
    [
      "of the getter of JSON",
      (it) => it.getJSONAssignment("banner", "s", {}, "{}" as never),
      "getJSONAssignment(): the default value is a string, which is returned if no variation is assigned: pass an object",
    ],
    [
      "of an adapter",
      (it) => evaluate(it, { getters, expectedType: "string" }),
      "getStringValue(): the default value is a number, which is returned if no variation is assigned: pass a string",
    ],
    [
      "of a client for one subject",
      (it) => it.forSubject({ subjectKey: "s" }).getStringAssignment("banner", {} as never),
      "getStringAssignment(): the default value is an object, which is returned if no variation is assigned: pass a string",
    ],
    [
      "of an adapter's getter of JSON",
      (it) => evaluate(it, { getters, expectedType: "json" }),
      null,
    ],
    ["of a drop-in", (it) => evaluate(it, { expectedType: "string" }), null],
    ["that is null", (it) => it.getStringAssignment("banner", "s", {}, null as never), null],
  ])("is reported once, unless it may be meant: %s", (_, call, message) => {
    const { client, warnings } = setUp();
    for (let i = 0; i < 2; i++) call(client);
    const reported = warnings.filter(([, facts]) => (facts as { cause?: unknown }).cause === cause);
    expect(reported).toEqual(message === null ? [] : [[message, { cause, flagKey: "banner" }]]);
  });
});

describe("a call of a client for one subject", () => {
  it("is reported without a default value", () => {
    const { client, warnings } = setUp();
    const subject = client.forSubject({ subjectKey: "s" });
    Reflect.apply(subject.getStringAssignment, subject, ["banner"]);
    expect(warnings).toEqual([
      [
        "the default value is missing: write getStringAssignment(flagKey, defaultValue)",
        { cause: "no default value", flagKey: "banner" },
      ],
    ]);
  });

  it.each(["", undefined])("is reported once for the subject key %j", (subjectKey) => {
    const { client, warnings } = setUp();
    client.forSubject({ subjectKey: subjectKey as string }).getStringAssignment("banner", "");
    expect(warnings.map(([, facts]) => (facts as { cause?: unknown }).cause)).toEqual([
      "invalid subject",
    ]);
  });

  it.each([
    [{ subjectKey: "s" }, { plan: "pro" }, "forSubject: takes one argument"],
    ["s", undefined, "forSubject: got a string"],
    [{ subjectKey: "s", plan: "pro" }, undefined, "plan: unknown option; the options are subject"],
  ])("is refused for %j, %j", (options, attributes, message) => {
    const { client } = setUp();
    const create = () => Reflect.apply(client.forSubject, client, [options, attributes]);
    expect(create).toThrow(message);
  });
});

describe("getPrecomputedConfiguration", () => {
  it("reports a subject in one object", () => {
    const { client, warnings } = setUp();
    client.getPrecomputedConfiguration({ subjectKey: "s" } as never);
    expect(warnings.map(([text]) => text)).toContain(
      "getPrecomputedConfiguration(): subject key is an object: write getPrecomputedConfiguration(subjectKey, attributes, actions)",
    );
  });
});

describe("exposures that are kept until they are shown", () => {
  it.each([
    { isShown: false, reports: ["exposures never shown"] },
    { isShown: true, reports: [] },
  ])("are reported on close unless one was shown: $isShown", async ({ isShown, reports }) => {
    const { client, warnings } = setUp({ assignmentLogger: { logAssignment() {} } });
    const flags = client.forSubject({ subjectKey: "s", exposures: "on-show" });
    flags.getStringAssignment("banner", "default");
    if (isShown) flags.exposed("banner");
    await client.close();
    const causes = warnings.map(([, facts]) => (facts as { cause?: unknown } | undefined)?.cause);
    expect(causes.filter((it) => it !== undefined)).toEqual(reports);
  });
});
