import {
  type AssignmentEvent,
  type Attributes,
  Configuration,
  createClient,
} from "@sortition/core";
import { readWithExposures } from "@sortition/core/internal";
import { describe, expect, it, vi } from "vitest";
import { type GrowthbookOptions, growthbook } from "../src/dialect.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const DEFAULT = Object.freeze({ isDefault: true }) as never;

function clientOf(payload: object, options: GrowthbookOptions = {}, diagnostics = SILENT) {
  const dialect = growthbook(options);
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const events: AssignmentEvent[] = [];
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
    assignmentLogger: {
      logAssignment(event: AssignmentEvent) {
        events.push(event);
      },
    },
    diagnostics,
  });
  return { client, events };
}

describe("the typed getters", () => {
  const { client } = clientOf({
    features: {
      absent: {},
      blocked: {
        defaultValue: 1,
        rules: [{ parentConditions: [{ id: "absent", condition: { value: 1 }, gate: true }] }],
      },
      broken: { defaultValue: 1, rules: 5 },
    },
  });

  it.each([
    ["absent", "no-allocation", "defaultValue"],
    ["blocked", "disabled", "prerequisite"],
    ["broken", "error", "unknownFeature"],
    ["unknown", "flag-not-found", "unknownFeature"],
  ])("return the default for the feature %s", (key, reason, source) => {
    const details = client.getIntegerAssignmentDetails(key, "alice", {}, 9);
    expect(details).toMatchObject({ value: 9, reason, evaluationDetails: { source } });
  });
});

describe("the subject", () => {
  const rules = [{ condition: { id: "alice" }, force: true }];
  const { client } = clientOf({ features: { f: { defaultValue: false, rules } } });

  it.each([
    ["alice", {}, true],
    ["bob", {}, false],
    ["bob", { id: "alice" }, true],
    ["alice", { id: null }, false],
  ])("%s with attributes %j", (key, attributes, expected) => {
    expect(client.getBooleanAssignment("f", key, attributes, false)).toBe(expected);
  });
});

describe("exposures", () => {
  const experiment = (key: string, more: object = {}): object => ({
    key,
    variations: ["a", "b"],
    weights: [1, 0],
    ...more,
  });
  const { client, events } = clientOf({
    features: {
      parent: { rules: [{ id: "p", ...experiment("parent-test") }] },
      child: {
        defaultValue: "none",
        rules: [
          { parentConditions: [{ id: "parent", condition: { value: "b" } }], force: 1 },
          experiment("holdout", { meta: [{ passthrough: true }, {}] }),
          { id: "tracked", condition: { x: 1 }, tracks: [remote("remote")], force: "forced" },
          { id: "c", ...experiment("child-test", { meta: [{ key: "control" }, {}] }) },
        ],
      },
    },
  });

  function remote(key: string): object {
    return { experiment: { key }, result: { key: "v2", variationId: 2 } };
  }

  it("are logged once, prerequisites first", () => {
    events.length = 0;
    for (let i = 0; i < 3; i++) client.getStringAssignment("child", "alice", {}, "x");
    expect(
      events.map((it) => [it.experiment, it.allocation, it.variation, it.featureFlag, it.subject]),
    ).toEqual([
      ["parent-test", "p", "0", "parent", "alice"],
      ["holdout", null, "0", "child", "alice"],
      ["child-test", "c", "control", "child", "alice"],
    ]);
  });

  it("are kept until the flag is shown, prerequisites included", () => {
    events.length = 0;
    const flags = client.forSubject({ subjectKey: "carol", exposures: "on-show" });
    const { unshown } = readWithExposures(flags, "child", "x");
    expect(events).toEqual([]);
    expect(client.status.counters.exposures).toMatchObject({ kept: 3, shown: 0 });
    const kept = unshown.map(({ base, context, messageId }) => {
      return [base.experiment, base.featureFlag ?? context.flagKey, context.subject.key, messageId];
    });
    expect(kept.map(([experiment, flag]) => [experiment, flag])).toEqual([
      ["parent-test", "parent"],
      ["holdout", "child"],
      ["child-test", "child"],
    ]);
    expect(flags.exposed("child").map(({ messageId }) => messageId)).toEqual(
      unshown.map(({ messageId }) => messageId),
    );
    expect(events.map((it) => [it.experiment, it.featureFlag, it.subject, it.messageId])).toEqual(
      kept,
    );
    expect(client.status.counters.exposures).toMatchObject({ kept: 3, shown: 3 });
  });

  it("include results that a server evaluated", () => {
    events.length = 0;
    client.getStringAssignment("child", "bob", { x: 1 }, "x");
    expect(events.map((it) => [it.experiment, it.variation])).toContainEqual(["remote", "v2"]);
  });
});

describe("an override by its variation key", () => {
  const experiment = (key: string, variations: readonly string[]) => ({
    key,
    variations,
    weights: [1, 0],
    meta: [{ key: "control" }, { key: "short" }],
  });
  const rules = [experiment("first", ["one", "two"]), experiment("second", ["other", "two"])];

  it.each([
    { key: "short", value: "two", ignored: 0, because: "both rules give it the same value" },
    { key: "control", value: "one", ignored: 1, because: "the rules give it different values" },
    { key: "absent", value: "one", ignored: 1, because: "no rule has it" },
  ])("$key returns $value, because $because", ({ ignored, key, value }) => {
    const warn = vi.fn();
    const { client } = clientOf({ features: { form: { rules } } }, {}, { ...SILENT, warn });
    const overrides = { form: key };
    const readers = [
      client.forSubject({ subjectKey: "alice", overrides }).getStringAssignment("form", "none"),
      client.withOverrides(overrides).getStringAssignment("form", "alice", {}, "none"),
    ];
    expect(readers).toEqual([value, value]);
    expect(client.status.counters.evaluations.ignoredOverride).toBe(2 * ignored);
    expect(warn).toHaveBeenCalledTimes(ignored);
  });
});

describe("risky patterns", () => {
  const payload = {
    features: {
      f: { defaultValue: 0, rules: [{ condition: { id: { $regex: "^(a+)+$" } }, force: 1 }] },
    },
    savedGroups: { g: { type: "condition", condition: { id: { $regexi: "(x|x)*y" } } } },
  };

  it("are issues, but match as in the vendor's SDK", () => {
    const { client } = clientOf(payload);
    expect(client.getConfiguration()?.issues).toMatchObject([
      { flagKey: null, code: "risky-pattern", path: '$.savedGroups["g"].condition["id"].$regexi' },
      { flagKey: "f", code: "risky-pattern" },
    ]);
    expect(client.getIntegerAssignment("f", "aaa", {}, 9)).toBe(1);
  });

  it("never match with refuseRiskyPatterns", () => {
    const { client } = clientOf(payload, { refuseRiskyPatterns: true });
    expect(client.getIntegerAssignment("f", "aaa", {}, 9)).toBe(0);
    expect(client.getIntegerAssignment("f", `${"a".repeat(40)}!`, {}, 9)).toBe(0);
  });
});

describe("options", () => {
  it.each([
    [{ decryptionKey: 5 }, /decryptionKey: expected a string/],
    [{ refuseRiskyPatterns: 1 }, /refuseRiskyPatterns: expected a boolean/],
    [{ subtle: {} }, /subtle: expected an object with a function importKey/],
    [{ decryptionkey: "x" }, /decryptionkey/],
  ])("refuses %j", (options, message) => {
    expect(() => growthbook(options as GrowthbookOptions)).toThrow(message);
  });
});

describe("a subject without a key", () => {
  const rule = (key: string, hashAttribute?: string) => ({
    ...(hashAttribute === undefined ? {} : { hashAttribute }),
    key,
    variations: ["a", "b"],
    weights: [1, 0],
  });
  const payload = {
    features: {
      byId: { defaultValue: "none", rules: [rule("byId")] },
      byDevice: { defaultValue: "none", rules: [rule("byDevice", "device")] },
      noId: { defaultValue: 1, rules: [{ condition: { id: { $exists: false } }, force: 2 }] },
      child: {
        defaultValue: 1,
        rules: [{ parentConditions: [{ id: "byDevice", condition: { value: "a" } }], force: 2 }],
      },
    },
  };

  it("has no attribute id", () => {
    const { client, events } = clientOf(payload);
    expect(client.evaluate({ flagKey: "byId" }).value).toBe("none");
    expect(client.evaluate({ flagKey: "noId" }).value).toBe(2);
    expect(client.evaluate({ flagKey: "noId", subjectKey: "s" }).value).toBe(1);
    expect(events).toEqual([]);
  });

  it("is identified in exposures by the hashed value, including those of prerequisites", () => {
    const { client, events } = clientOf(payload);
    const subjectAttributes = { device: "d-1" };
    expect(client.evaluate({ flagKey: "byDevice", subjectAttributes }).value).toBe("a");
    client.evaluate({ flagKey: "child", subjectAttributes: { device: "d-2" } });
    client.evaluate({ flagKey: "byId", subjectAttributes: { id: "own" } });
    const seen = events.map(({ featureFlag, subject }) => [featureFlag, subject]);
    expect(seen).toEqual([
      ["byDevice", "d-1"],
      ["byDevice", "d-2"],
      ["byId", "own"],
    ]);
  });
});

describe("a hashed attribute that the subject does not have", () => {
  const company = { key: "x", variations: ["a", "b"], hashAttribute: "company" };
  const features = {
    split: { defaultValue: "off", rules: [company] },
    rollout: { rules: [{ force: 1, coverage: 0.5, hashAttribute: "company" }] },
    filtered: {
      rules: [{ force: 1, filters: [{ seed: "s", ranges: [[0, 1]], attribute: "company" }] }],
    },
    child: {
      defaultValue: "off",
      rules: [{ parentConditions: [{ id: "split", condition: { value: "a" } }], force: "on" }],
    },
    own: { rules: [{ key: "y", variations: ["a", "b"] }] },
  };
  const split = (feature: string, names: string) =>
    `flag "${feature}" is split by the attribute "company", but the subject does not have it: no variation is assigned; pass it in the attributes (the subject has ${names}), or split by another attribute`;

  function ask(key: string, attributes: Attributes, times = 1) {
    const warn = vi.fn();
    const { client } = clientOf({ features }, {}, { ...SILENT, warn });
    for (let i = 0; i < times; i++) client.getJSONAssignment(key, "alice", attributes, DEFAULT);
    return { warnings: warn.mock.calls, counters: client.status.counters.evaluations };
  }

  it.each([
    { key: "split", attributes: { plan: "pro", seats: 2 }, names: "plan, seats" },
    { key: "rollout", attributes: {}, names: "none" },
    { key: "filtered", attributes: { plan: "pro" }, names: "plan" },
    { key: "child", attributes: { plan: "pro" }, names: "plan", owner: "split" },
  ])(
    "causes one warning for $key and is not counted as a mistake",
    ({ attributes, key, names, owner = key }) => {
      const { counters, warnings } = ask(key, attributes, 3);
      const facts = { cause: "missing hash attribute", flagKey: owner, attribute: "company" };
      expect(warnings).toEqual([[split(owner, names), facts]]);
      expect(counters).toMatchObject({
        unknownFlag: 0,
        typeMismatch: 0,
        invalidSubject: 0,
        failed: 0,
      });
    },
  );

  it.each([
    { key: "split", attributes: { company: "" }, because: "it is there, and empty" },
    { key: "split", attributes: { company: 5 }, because: "it is there" },
    { key: "own", attributes: {}, because: "the subject key is the id" },
  ])("is not reported for $key, because $because", ({ attributes, key }) => {
    expect(ask(key, attributes).warnings).toEqual([]);
  });

  it("is not reported by the client for a drop-in, which has its own message", () => {
    const warn = vi.fn();
    const { client } = clientOf({ features }, {}, { ...SILENT, warn });
    client.evaluate({ flagKey: "split", subjectKey: "alice", defaultValue: "off" });
    expect(warn).not.toHaveBeenCalled();
  });

  it("changes no value, whatever the attributes are", () => {
    const throwing = () => {
      throw new Error("no");
    };
    const hostile = new Proxy({ plan: "pro" }, { has: throwing, ownKeys: throwing });
    for (const attributes of [hostile, "DK", null]) {
      const warn = vi.fn();
      const { client } = clientOf({ features }, {}, { ...SILENT, warn });
      expect(client.getStringAssignment("split", "alice", attributes as never, "no")).toBe("off");
    }
  });
});
