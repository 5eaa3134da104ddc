import { Configuration } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { parseAmplitudeVersion } from "../src/dialect/condition/version.js";
import {
  amplitude,
  cohortPart,
  type ExperimentUser,
  evaluateUser,
  isAmplitudeConfiguration,
  toVariants,
} from "../src/dialect.js";
import { configurationOf } from "./conformance/configuration.js";

const ON = { on: { key: "on", value: "on" } };

function flagWith(key: string, selector: readonly string[], op: string, values: string[]): object {
  return {
    key,
    variants: ON,
    segments: [{ conditions: [[{ selector, op, values }]], variant: "on" }],
  };
}

function property(name: string): readonly string[] {
  return ["context", "user", "user_properties", name];
}

/** Parses a user from JSON, where `__proto__` is an ordinary member. */
function userOf(json: string): ExperimentUser {
  return JSON.parse(json) as ExperimentUser;
}

describe("hostile input", () => {
  it("reads and writes keys such as __proto__ as ordinary members", () => {
    const flags = ["__proto__", "constructor", "toString", "hasOwnProperty"].map((key) =>
      flagWith(key, property(key), "is", ["x"]),
    );
    const configuration = configurationOf(flags);
    const properties = '{"__proto__":"x","constructor":"x","toString":"x","hasOwnProperty":"x"}';
    const variants = toVariants(
      evaluateUser(configuration, userOf(`{"user_properties":${properties},"__proto__":{"a":1}}`)),
    );
    expect(Object.keys(variants)).toEqual([
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
    ]);
    expect(Object.getPrototypeOf(variants)).toBe(Object.prototype);
    expect(toVariants(evaluateUser(configuration, { user_properties: {} }))).toEqual({});
    expect(evaluateUser(configuration, {}, ["valueOf", "isPrototypeOf"]).size).toBe(0);
    expect(Reflect.get({}, "a")).toBeUndefined();
  });

  it("does not reach a prototype through groups and properties", () => {
    const configuration = configurationOf([
      flagWith("flag", ["context", "groups", "__proto__", "group_name"], "is", ["acme"]),
    ]);
    const user = userOf(
      '{"groups":{"__proto__":["acme"]},"group_properties":{"__proto__":{"acme":{}}}}',
    );
    expect(toVariants(evaluateUser(configuration, user))).toHaveProperty("flag");
    expect(toVariants(evaluateUser(configuration, {}))).toEqual({});
  });

  it("buckets and compares lone surrogates", () => {
    const flags = [
      flagWith("text", property("p"), "is", ["\ud800"]),
      {
        key: "bucket",
        variants: ON,
        segments: [
          {
            bucket: {
              selector: ["context", "user", "user_id"],
              salt: "\udc00",
              allocations: [
                { range: [0, 100], distributions: [{ variant: "on", range: [0, 42_949_673] }] },
              ],
            },
          },
        ],
      },
    ];
    const user = { user_id: "\ud800", user_properties: { p: "\ud800" } };
    const variants = toVariants(evaluateUser(configurationOf(flags), user));
    expect(Object.keys(variants)).toEqual(["text", "bucket"]);
  });

  it("accepts strings of 10 MB", () => {
    const text = "x".repeat(10_000_000);
    const configuration = configurationOf([
      flagWith("flag", property("p"), "contains", [text.slice(1)]),
      flagWith("list", property("p"), "set is", [text]),
    ]);
    const user = { user_id: text, user_properties: { p: text, q: `[${text}` } };
    expect(Object.keys(toVariants(evaluateUser(configuration, user)))).toEqual(["flag"]);
  });

  it.each([
    `1.2.3-${"a".repeat(100_000)}!`,
    `1.2.3-${"a.".repeat(50_000)}!`,
    `${"1".repeat(100_000)}.x`,
    `1.2.3-${"-".repeat(100_000)}\n`,
  ])("parses a version of 100,000 characters in linear time", (version) => {
    expect(parseAmplitudeVersion(version)).toBeNull();
    const configuration = configurationOf([
      flagWith("flag", property("v"), "version less", ["1.2.3"]),
    ]);
    evaluateUser(configuration, { user_properties: { v: version } });
    // With the vendor's pattern, this test would never end.
  });

  it("orders a chain of 20,000 dependencies", () => {
    const flags = Array.from({ length: 20_000 }, (_, i) => ({
      key: `f${i}`,
      dependencies: [`f${i + 1}`],
      variants: ON,
      segments: [{ variant: "on" }],
    }));
    expect(evaluateUser(configurationOf(flags), {}).size).toBe(20_000);
  });

  it.each([
    "",
    "nonsense",
    "{}",
    '{"memberIds":["alice"]}',
    '{"groupType":"User","memberIds":["alice"',
    '{"groupType":"User","memberIds":["alice" "bob"]}',
    '{"groupType":"User","memberIds":{}}',
    '{"groupType":"User","memberIds":["ali\nce"]}',
    '{"groupType":"User","memberIds":["alice"]}x',
    "[]",
  ])("reports a body that is not a cohort, and accepts the flags: %j", (body) => {
    const selector = ["context", "user", "cohort_ids"];
    const configuration = Configuration.from({
      dialect: amplitude(),
      payloads: {
        flags: JSON.stringify([flagWith("flag", selector, "set contains any", ["c"])]),
        [cohortPart("c")]: body,
      },
    });
    expect(configuration.issues).toMatchObject([{ flagKey: null, code: "malformed" }]);
    expect(configuration.issues[0]?.path).toContain('$.cohorts["c"]');
    if (!isAmplitudeConfiguration(configuration)) throw new Error("another dialect");
    expect(evaluateUser(configuration, { user_id: "alice" }).size).toBe(0);
  });

  it("isolates and reports a cohort selector without a string form", () => {
    const broken = ["context", "groups", { toString: 1, valueOf: 1 }, "cohort_ids"];
    const configuration = configurationOf([
      flagWith("broken", broken as string[], "set contains any", ["c"]),
      flagWith("fine", property("p"), "is", ["x"]),
    ]);
    expect(configuration.issues).toMatchObject([{ flagKey: "broken", code: "malformed" }]);
    const user = { user_properties: { p: "x" } };
    expect([...evaluateUser(configuration, user).keys()]).toEqual(["fine"]);
  });

  it("reads escaped, repeated and unusual ids of members exactly", () => {
    const ids = [
      "alice",
      "ümlaut",
      "😀",
      'quo"te',
      "back\\slash",
      "new\nline",
      "",
      "\ud800",
      "a,b",
      "]",
    ];
    const body = JSON.stringify({
      size: 1,
      groupType: "User",
      nested: { memberIds: ["mallory"], list: ["}", "]"] },
      memberIds: [...ids, ...ids, 42, null, true, 1.5e3],
    }).replace('"alice"', '"\\u0061lice"');
    const selector = ["context", "user", "cohort_ids"];
    const flags = JSON.stringify([flagWith("flag", selector, "set contains any", ["c"])]);
    const configuration = Configuration.from({
      dialect: amplitude(),
      payloads: { flags, [cohortPart("c")]: body },
    });
    expect(configuration.issues).toEqual([]);
    if (!isAmplitudeConfiguration(configuration)) throw new Error("another dialect");
    const cohort = configuration.cohorts.get("c");
    for (const id of [...ids, 42, null, true, 1_500])
      expect({ id, isMember: cohort?.has(id) }).toEqual({ id, isMember: true });
    for (const id of ["alic", "alicee", "mallory", "42", "null", "umlaut", "\udc00", 43, false]) {
      expect({ id, isMember: cohort?.has(id) }).toEqual({ id, isMember: false });
    }
  });

  it("finds ids of any length, but none that differs in one character", () => {
    const ids = Array.from({ length: 600 }, (_, i) => `${i}-`.padEnd(i, "k"));
    const body = JSON.stringify({ groupType: "User", memberIds: ids });
    const configuration = Configuration.from({
      dialect: amplitude(),
      payloads: { flags: "[]", [cohortPart("c")]: body },
    });
    if (!isAmplitudeConfiguration(configuration)) throw new Error("another dialect");
    const cohort = configuration.cohorts.get("c");
    expect(ids.filter((id) => cohort?.has(id) !== true)).toEqual([]);
    const others = ids.flatMap((id) => [`${id}k`, `${id.slice(0, -1)}_`, `_${id.slice(1)}`]);
    const known = new Set(ids);
    expect(others.filter((id) => !known.has(id) && cohort?.has(id) !== false)).toEqual([]);
  });

  it("isolates an invalid pattern where it is reached, and reports it", () => {
    const configuration = configurationOf([
      flagWith("broken", property("p"), "regex match", ["^a", "("]),
      flagWith("fine", property("p"), "regex match", ["."]),
    ]);
    expect(configuration.issues).toMatchObject([
      { flagKey: "broken", path: '$[?(@.key=="broken")].segments[0].conditions[0][0].values[1]' },
    ]);
    const keysFor = (p: string): string[] =>
      Object.keys(toVariants(evaluateUser(configuration, { user_properties: { p } })));
    // An earlier pattern matches, so the vendor does not reach the invalid one either.
    expect(keysFor("abc")).toEqual(["broken", "fine"]);
    expect(keysFor("xyz")).toEqual(["fine"]);
  });

  it("compiles nothing after hundreds of malformed conditions", () => {
    const conditions = [
      ...Array.from({ length: 1_000 }, () => ({})),
      { selector: property("p"), op: "regex match", values: ["(", "("] },
    ];
    const configuration = configurationOf([
      { key: "broken", variants: ON, segments: [{ conditions: [conditions], variant: "on" }] },
    ]);
    expect(toVariants(evaluateUser(configuration, { user_properties: { p: "x" } }))).toEqual({});
    // One issue per condition: the two patterns of the last one are not compiled.
    expect(configuration.issueCount).toEqual({ found: 1_001, complete: true });
  });

  it("compiles no pattern after hundreds of invalid ones", () => {
    const patterns = [...Array.from({ length: 1_000 }, () => "("), "."];
    const configuration = configurationOf([
      flagWith("broken", property("p"), "regex match", patterns),
    ]);
    expect(toVariants(evaluateUser(configuration, { user_properties: { p: "x" } }))).toEqual({});
    expect(configuration.issueCount).toEqual({ found: 1_001, complete: true });
  });
});
