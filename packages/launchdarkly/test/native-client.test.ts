import {
  type AssignmentEvent,
  type Attributes,
  Configuration,
  createClient,
} from "@sortition/core";
import { describe, expect, it } from "vitest";
import { type BigSegmentLookup, type LaunchdarklyOptions, launchdarkly } from "../src/dialect.js";

const KINDS = ["org", "user"];

/** A flag whose variation names the kind of the context that has the key `acme`. */
const PAYLOAD = {
  flags: {
    kinds: {
      ...{ key: "kinds", on: true, version: 1, salt: "s", variations: ["none", ...KINDS] },
      rules: KINDS.map((contextKind, i) => ({
        ...{ id: contextKind, variation: i + 1, trackEvents: contextKind === "org" },
        clauses: [{ contextKind, attribute: "key", op: "in", values: ["acme"] }],
      })),
      fallthrough: { variation: 0 },
    },
    experiment: {
      ...{ key: "experiment", on: true, version: 1, salt: "s", variations: ["a", "b"] },
      fallthrough: {
        rollout: {
          kind: "experiment",
          variations: [
            { variation: 0, weight: 50_000 },
            { variation: 1, weight: 50_000, untracked: true },
          ],
        },
      },
    },
    members: {
      ...{ key: "members", on: true, version: 1, salt: "s", variations: [false, true] },
      rules: [
        {
          id: "r",
          variation: 1,
          clauses: [{ attribute: "", op: "segmentMatch", values: ["big"] }],
        },
      ],
      fallthrough: { variation: 0 },
    },
  },
  segments: { big: { key: "big", version: 1, unbounded: true, generation: 2, rules: [] } },
};

function bytesOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}

function setUp(options: LaunchdarklyOptions = {}) {
  const dialect = launchdarkly(options);
  const events: AssignmentEvent[] = [];
  const warnings: string[] = [];
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytesOf(PAYLOAD) } }),
    assignmentLogger: { logAssignment: (event) => void events.push(event) },
    diagnostics: { debug() {}, info() {}, warn: (text) => void warnings.push(text), error() {} },
  });
  return { client, events, warnings };
}

describe("contexts of the native client", () => {
  it.each<[string, Attributes, string]>([
    ["acme", {}, "user"],
    ["acme", { key: "other" }, "user"],
    ["acme", { kind: "user" }, "user"],
    ["acme", { kind: "org" }, "org"],
    ["bob", { kind: "org", key: "acme" }, "org"],
    ["bob", { kind: "org", targetingKey: "acme" }, "org"],
    ["bob", { kind: "device" }, "none"],
    ["bob", { kind: "multi", user: { key: "bob" }, org: { key: "acme" } }, "org"],
    ["bob", { kind: "multi", user: { targetingKey: "acme" } }, "user"],
  ])("reads %s with %o", (subjectKey, attributes, kind) => {
    const { client } = setUp();
    expect(client.getStringAssignment("kinds", subjectKey, attributes, "default")).toBe(kind);
  });

  it.each<[Attributes, string]>([
    [{ kind: "multi", org: {} }, 'the context of kind "org" has no key: add one'],
    [{ kind: "org", key: 5 }, 'the context of kind "org" has no key: add one'],
    [{ kind: "multi" }, 'a context of kind "multi" contains no other context'],
    [{ kind: "multi", org: "acme" }, 'the context of kind "org" is not an object'],
    [{ kind: "an org" }, 'the attribute "kind" is not a kind of context'],
  ])("rejects %o with a sentence", (attributes, sentence) => {
    const { client, warnings } = setUp();
    const details = client.getStringAssignmentDetails("kinds", "bob", attributes, "default");
    expect(details.value).toBe("default");
    expect(details.evaluationDetails).toEqual({
      variationIndex: null,
      reason: { kind: "ERROR", errorKind: "USER_NOT_SPECIFIED" },
    });
    expect(warnings.join()).toContain(sentence);
  });
});

describe("a big segment", () => {
  // The Base64 of the SHA-256 of "bob".
  const HASH = "gbY32PzSxtpjWeaWMROhFw3nleS3JbhNHgtM/Z7FjOk=";
  const asked = ["members", "bob", {}, false] as const;

  it("is looked up by the hash of the context's key", () => {
    const hashes: string[] = [];
    const { client } = setUp({
      bigSegments: (hash) => {
        hashes.push(hash);
        return { "big.g2": true };
      },
    });
    expect(client.getBooleanAssignment(...asked)).toBe(true);
    expect(hashes).toEqual([HASH]);
    expect(client.getBooleanAssignmentDetails(...asked).evaluationDetails.reason).toMatchObject({
      bigSegmentsStatus: "HEALTHY",
    });
  });

  it("is unresolved without a look-up, which is reported once", () => {
    const { client, warnings } = setUp();
    expect(client.getBooleanAssignment(...asked)).toBe(false);
    expect(client.getBooleanAssignmentDetails(...asked)).toMatchObject({
      ...{ isDefault: true, reason: "unresolved", errorCode: null },
    });
    expect(warnings).toEqual([
      'flag "members" needs a big segment: pass launchdarkly({ bigSegments })',
    ]);
  });

  it.each<[string, () => unknown, string]>([
    [
      "throws",
      () => {
        throw new Error("the store is closed");
      },
      "the lookup bigSegments threw an error",
    ],
    ["returns a promise", async () => ({}), "the lookup bigSegments returned a promise"],
  ])("gives the default if the look-up %s, which is reported once", (_, bigSegments, text) => {
    const { client, warnings } = setUp({ bigSegments: bigSegments as BigSegmentLookup });
    expect(client.getBooleanAssignment("members", "bob", {}, true)).toBe(true);
    expect(client.getBooleanAssignment("members", "alice", {}, true)).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(text);
  });
});

describe("a flag whose `key` is not a string", () => {
  it.each([undefined, 5, null])("is hashed with the key under which it is listed: %s", (key) => {
    const rollout = { variations: [0, 1].map((variation) => ({ variation, weight: 50_000 })) };
    const flag = {
      on: true,
      version: 1,
      salt: "s",
      variations: ["a", "b"],
      fallthrough: { rollout },
    };
    const flags = { asked: { ...flag, key }, same: { ...flag, key: "asked" } };
    const dialect = launchdarkly();
    const payloads = { flags: bytesOf({ flags, segments: {} }) };
    const initialConfiguration = Configuration.from({ dialect, payloads });
    const client = createClient({ dialect, initialConfiguration, assignmentLogger: null });
    const valuesOf = (flagKey: string): readonly string[] =>
      Array.from({ length: 50 }, (_, i) =>
        client.getStringAssignment(flagKey, `u${i}`, {}, "none"),
      );
    expect(valuesOf("asked")).toEqual(valuesOf("same"));
    expect(new Set(valuesOf("asked"))).toEqual(new Set(["a", "b"]));
  });
});

describe("what is not LaunchDarkly's", () => {
  const compile = (json: unknown) => () =>
    Configuration.from({ dialect: launchdarkly(), payloads: { flags: bytesOf(json) } });

  it("is named: a payload of the FDv2 protocol", () => {
    const event = { event: "put-object", data: {} };
    expect(compile({ events: [event] })).toThrow(
      "flags: $: is a payload of LaunchDarkly's FDv2 protocol (/sdk/poll)",
    );
  });

  it("is named: a payload without flags", () => {
    expect(compile({ features: {} })).toThrow("flags: $.flags: expected an object, got nothing");
  });

  it.each([
    { flagValues: { greeting: "hello" }, paths: ["$.flagValues"] },
    { flagValues: {}, paths: [] },
  ])("is listed as an issue, next to the flags: $flagValues", ({ flagValues, paths }) => {
    const configuration = compile({ flags: {}, flagValues })();
    expect(configuration.issues.map(({ path }) => path)).toEqual(paths);
    expect(configuration.issueCount).toEqual({ found: paths.length, complete: true });
    const [issue] = configuration.issues;
    expect(issue?.message ?? "write each in flags").toContain("write each in flags");
  });

  it("is named: a file that only has flagValues", () => {
    expect(compile({ flagValues: { greeting: "hello" } })).toThrow(
      "flags: $.flagValues: of LaunchDarkly's files are not read: write each in flags",
    );
  });

  it("is named: an option", () => {
    expect(() => launchdarkly({ bigSegments: {} as never })).toThrow(
      "bigSegments: expected a function",
    );
  });
});
