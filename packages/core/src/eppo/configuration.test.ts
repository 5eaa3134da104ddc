import { describe, expect, it } from "vitest";
import { DecodeError } from "../errors/errors.js";
import { md5Hex } from "../hash/md5.js";
import { encodeUtf8 } from "../hash/utf8.js";
import type { Payload } from "../model/configuration.js";
import type { Scope } from "../model/scope.js";
import { runAtOnce } from "../runtime/slices.js";
import type { UfcConfiguration } from "./configuration.js";
import { eppo } from "./factory.js";

function scopeOf(configuration: UfcConfiguration): Scope {
  return {
    nowMs: () => 0,
    configuration,
    trace: null,
    expectedType: null,
    memo: () => new Map(),
    expose() {},
    hashedBy() {},
    extras: null,
  };
}

const payload = (part: string, body: unknown, fetchedAtMs = 0): Payload => ({
  part,
  bytes: encodeUtf8(typeof body === "string" ? body : JSON.stringify(body)),
  etag: null,
  fetchedAtMs,
  from: "static",
});

/** Our own dialect compiles to its own class. */
function configurationOf(body: unknown, bandits?: unknown): UfcConfiguration {
  const payloads = [payload("flags", body)];
  if (bandits !== undefined) payloads.push(payload("bandits", bandits));
  return eppo().compile({ payloads, prepared: null, former: null }) as UfcConfiguration;
}

function flag(overrides: object = {}): object {
  return {
    key: "f",
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { on: { key: "on", value: "yes" } },
    allocations: [{ key: "all", splits: [{ shards: [], variationKey: "on" }], doLog: true }],
    ...overrides,
  };
}

function answerOf(configuration: UfcConfiguration, key: string): unknown {
  const scope = scopeOf(configuration);
  const evaluation = configuration.flag(key)?.evaluate({ key: "alice", attributes: {} }, scope);
  return evaluation?.kind === "assigned" ? evaluation.value : evaluation;
}

const reference = (modelVersion: string): object => ({
  b: {
    modelVersion,
    flagVariations: [{ key: "b", flagKey: "f", variationKey: "b", variationValue: "b" }],
  },
});

describe("a body as a whole", () => {
  it.each([
    { body: "<html>", path: "flags: $: expected JSON", because: "it is not JSON" },
    { body: "[]", path: "flags: $: expected an object, got an array", because: "it is a list" },
    {
      body: "{}",
      path: "flags: $.flags: expected an object, got nothing",
      because: "it has no flags",
    },
    {
      body: '{"flags":[]}',
      path: "flags: $.flags: expected an object",
      because: "flags are a list",
    },
  ])("is refused, because $because", ({ body, path }) => {
    expect(() => configurationOf(body)).toThrow(path);
    expect(() => configurationOf(body)).toThrow(DecodeError);
  });

  const shard = { salt: "s", ranges: [{ start: 0, end: 5_000 }] };
  const split = (shards: readonly object[]): object => ({
    totalShards: undefined,
    allocations: [{ key: "all", splits: [{ shards, variationKey: "on" }], doLog: true }],
  });
  const datadogFlag = flag(split([{ ...shard, totalShards: 10_000 }]));
  const answer = { data: { type: "universal-flag-configuration", attributes: { flags: {} } } };

  it.each([
    { body: { flags: { f: datadogFlag } }, path: '$.flags["f"]', because: "of its shards" },
    {
      body: { flags: { all: flag(split([])), none: null, f: datadogFlag } },
      path: '$.flags["f"]',
      because: "of the shards of a later flag",
    },
    { body: answer, path: "$.data", because: "it is a response of Datadog's server" },
  ])("is refused as Datadog's, because $because", ({ body, path }) => {
    const problem = `flags: ${path}: a configuration of Datadog, not of Eppo`;
    expect(() => configurationOf(body)).toThrow(problem);
  });

  it.each([
    { flags: { f: flag(split([shard])) }, because: "its shards have no total" },
    {
      flags: { f: flag(), g: datadogFlag },
      because: "the first flag has a total, so all flags are Eppo's",
    },
  ])("is Eppo's: $because", ({ flags }) => {
    expect(configurationOf({ flags }).issues).toEqual([]);
  });

  it("is not quoted in the error, because it may contain secrets", () => {
    expect(() => configurationOf("the key is k123")).toThrow(/^(?!.*k123)/);
  });

  it.each([
    { part: "environment", read: (it: UfcConfiguration) => it.environment, value: null },
    { part: "format", read: (it: UfcConfiguration) => it.format, value: "" },
    { part: "createdAt", read: (it: UfcConfiguration) => it.publishedAtMs, value: null },
  ])("without $part is read as $value", ({ read, value }) => {
    expect(read(configurationOf({ flags: {} }))).toBe(value);
  });

  it("has the time when it was published", () => {
    const { publishedAtMs } = configurationOf({ flags: {}, createdAt: "2026-01-02T03:04:05Z" });
    expect(publishedAtMs).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  });

  it("was fetched when its newest part was", () => {
    const parts = [
      payload("flags", { flags: {} }, 1_000),
      payload("bandits", { bandits: {} }, 2_000),
    ];
    const { fetchedAt } = eppo().compile({
      payloads: parts,
      prepared: null,
      former: null,
    }) as UfcConfiguration;
    expect(fetchedAt).toBe("1970-01-01T00:00:02.000Z");
  });
});

describe("issues", () => {
  it.each([
    { broken: { key: 1 }, path: '$.flags["x"].key' },
    { broken: { allocations: null }, path: '$.flags["x"].allocations' },
    { broken: { allocations: [null] }, path: '$.flags["x"].allocations[0]' },
    {
      broken: { allocations: [{ key: "a", splits: [{ shards: 1, variationKey: "on" }] }] },
      path: '$.flags["x"].allocations[0].splits[0].shards',
    },
    {
      broken: {
        allocations: [
          {
            key: "a",
            splits: [{ shards: [{ salt: "s", ranges: [{ start: "0", end: 1 }] }] }],
          },
        ],
      },
      path: '$.flags["x"].allocations[0].splits[0].shards[0].ranges[0].start',
    },
    {
      broken: { allocations: [{ key: "a", rules: [{ conditions: [null] }], splits: [] }] },
      path: '$.flags["x"].allocations[0].rules[0].conditions[0]',
    },
    { broken: { variations: [] }, path: '$.flags["x"].variations' },
    { broken: { variations: { v: null } }, path: '$.flags["x"].variations["v"]' },
  ])("name $path", ({ broken, path }) => {
    const { issues } = configurationOf({ flags: { x: flag(broken) } });
    expect(issues.map((it) => [it.path, it.flagKey, it.code])).toEqual([[path, "x", "malformed"]]);
  });

  it("name a flag that is not an object", () => {
    const { issues } = configurationOf({ flags: { x: 5 } });
    expect(issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      '$.flags["x"]: expected an object, got a number',
    ]);
  });

  it("are empty in a valid configuration", () => {
    expect(configurationOf({ flags: { x: flag() } }).issues).toEqual([]);
  });

  it("name a bandit without a model", () => {
    const { issues } = configurationOf({ flags: {}, banditReferences: reference("v1") });
    expect(issues.map(({ path, code }) => [path, code])).toEqual([
      ['$.banditReferences["b"]', "bandit-model-missing"],
    ]);
  });

  it("are the same when they are read again", () => {
    const configuration = configurationOf({ flags: { x: 5, y: flag({ key: 1 }) } });
    expect(configuration.issues).toEqual(configuration.issues);
  });

  it("do not grow when a broken flag is evaluated again", () => {
    const configuration = configurationOf({ flags: { x: null } });
    configuration.flag("x");
    configuration.flag("x");
    expect(configuration.issueCount).toEqual({ found: 1, complete: true });
  });
});

describe("a flag", () => {
  it.each(["__proto__", "constructor"])("may be called %s", (key) => {
    const body = `{"flags":{"${key}":${JSON.stringify(flag())}}}`;
    expect(answerOf(configurationOf(body), key)).toBe("yes");
  });

  it("may have a variation called __proto__", () => {
    const text = JSON.stringify(flag()).replaceAll('"on"', '"__proto__"');
    expect(answerOf(configurationOf(`{"flags":{"x":${text}}}`), "x")).toBe("yes");
  });

  it("that is null is still listed", () => {
    expect([...configurationOf({ flags: { x: null } }).flagKeys]).toEqual(["x"]);
  });

  it("that is broken and disabled is disabled", () => {
    const configuration = configurationOf({
      flags: { x: flag({ enabled: false, allocations: null }) },
    });
    expect(answerOf(configuration, "x")).toEqual({ kind: "default", reason: "disabled" });
  });

  it("fails on a malformed split only when the split is reached", () => {
    const splits = [{ shards: [], variationKey: "on" }, 1];
    const allocations = [{ key: "all", splits }];
    expect(answerOf(configurationOf({ flags: { x: flag({ allocations }) } }), "x")).toBe("yes");
  });
});

describe("a value", () => {
  it("fails the evaluation if its JSON is malformed, unless no type is expected", () => {
    const variations = { on: { key: "on", value: "{" } };
    const flags = { x: flag({ variationType: "JSON", variations }) };
    const configuration = configurationOf({ flags });
    const evaluate = (expectedType: "json" | null) => {
      const scope = { ...scopeOf(configuration), expectedType };
      return configuration.flag("x")!.evaluate({ key: "alice", attributes: {} }, scope);
    };
    expect(() => evaluate("json")).toThrow(SyntaxError);
    expect(evaluate(null)).toMatchObject({ kind: "assigned", value: "{", json: null });
  });
});

describe("an obfuscated configuration", () => {
  const hidden = {
    key: md5Hex("x"),
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { [btoa("on")]: { key: btoa("on"), value: btoa("yes") } },
    allocations: [{ key: btoa("all"), splits: [{ shards: [], variationKey: btoa("on") }] }],
  };

  it.each(["CLIENT", "PRECOMPUTED"])("of format %s is looked up by hash", (format) => {
    const configuration = configurationOf({ format, flags: { [md5Hex("x")]: hidden } });
    expect(answerOf(configuration, "x")).toBe("yes");
  });

  it("lists hashes as keys", () => {
    const configuration = configurationOf({ format: "CLIENT", flags: { [md5Hex("x")]: hidden } });
    expect([...configuration.flagKeys]).toEqual([md5Hex("x")]);
  });

  it("reports the requested key in events, not the hash", () => {
    const allocations = [{ ...hidden.allocations[0], doLog: true }];
    const configuration = configurationOf({
      format: "CLIENT",
      flags: { [md5Hex("x")]: { ...hidden, allocations } },
    });
    const scope = scopeOf(configuration);
    const evaluation = configuration.flag("x")!.evaluate({ key: "a", attributes: {} }, scope);
    expect(evaluation).toMatchObject({ exposure: { featureFlag: null } });
  });
});

describe.each([
  { size: "small", padding: 0 },
  { size: "large", padding: 70_000 },
])("a $size body", ({ padding }) => {
  const bodyOf = (flags: Record<string, unknown>, format?: string): string =>
    JSON.stringify({ flags, format, padding: "x".repeat(padding) });
  const compiled = (body: string, former: UfcConfiguration | null = null): UfcConfiguration =>
    eppo().compile({
      payloads: [payload("flags", body)],
      prepared: null,
      former,
    }) as UfcConfiguration;

  it("loses only the flag whose content is not JSON", () => {
    const flags = Object.fromEntries(Array.from({ length: 22 }, (_, i) => [`f${i}`, flag()]));
    const damaged = bodyOf(flags).replace('"f7":{', '"f7":{oops ');
    const configuration = compiled(damaged);
    expect(answerOf(configuration, "f6")).toBe("yes");
    expect(() => answerOf(configuration, "f7")).toThrow(/\$\.flags\["f7"\]: expected JSON/);
    expect(configuration.flag("f7")?.valueType).toBeNull();
    expect(configuration.issues.map(({ flagKey, path }) => [flagKey, path])).toEqual([
      ["f7", '$.flags["f7"]'],
    ]);
    expect(configuration.flagKeys.size).toBe(22);
  });

  it("does not treat such a flag in an obfuscated body as absent", () => {
    const body = bodyOf({ [md5Hex("x")]: 1 }, "CLIENT").replace(":1", ":oops");
    expect(compiled(body).flag("x")).not.toBeNull();
  });

  it("is the same whether it is compiled at once or in steps", () => {
    const dialect = eppo();
    const payloads = [payload("flags", bodyOf({ x: 5, 2: flag(), 1: flag(), y: flag() }))];
    const inSteps = runAtOnce(dialect.compileInSteps!({ payloads, prepared: null, former: null }));
    expect([...inSteps.flagKeys]).toEqual(["1", "2", "x", "y"]);
    expect(inSteps.issues).toEqual(
      dialect.compile({ payloads, prepared: null, former: null }).issues,
    );
  });
});
