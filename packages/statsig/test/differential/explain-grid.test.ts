// Each rule is alone in a flag, which the vendor's SDK must decide like its explanation.
import { isDeepStrictEqual } from "node:util";
import {
  type AssignmentEvent,
  Configuration,
  createClient,
  type ObservedEvaluation,
} from "@sortition/core";
import type { Scope, Subject } from "@sortition/core/dialect";
import { conditionWords } from "@sortition/core/dialect-internal";
import { createExplainingClient } from "@sortition/core/internal";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { type StatsigExtras, type StatsigUser, statsig, statsigLegacy } from "../../src/dialect.js";
import { statsigExplainer } from "../../src/explain.js";
import { clientOf, evaluate, type Sdk } from "../ours.js";
import { toV1, type V2 } from "../v1.js";
import { vendorOf } from "../vendor.js";

type Members = Readonly<Record<string, unknown>>;

const RULE = {
  ...{ name: "r", id: "r", salt: "r", idType: "userID" },
  ...{ passPercentage: 100, returnValue: true },
};
const GATE = { type: "feature_gate", entity: "feature_gate", defaultValue: false };
const CONFIG = { type: "dynamic_config", entity: "dynamic_config", defaultValue: {} };
const CONDITION = { additionalValues: {}, field: null, idType: "userID", operator: "any" };
const DK = { ...CONDITION, type: "user_field", field: "country", targetValue: ["DK"] };
const LOW = {
  ...{ ...CONDITION, type: "user_bucket", operator: "lt", targetValue: 500 },
  additionalValues: { salt: "low" },
};
const SCATTERED = {
  ...{ ...LOW, operator: "any" },
  targetValue: Array.from({ length: 500 }, (_, i) => String(i * 2)),
};
const HIGH = { ...LOW, targetValue: 1_000 };

const USERS: readonly StatsigUser[] = Array.from({ length: 600 }, (_, i) => ({
  userID: `u${i}`,
  country: i % 3 === 0 ? "SE" : "DK",
}));

interface Specs {
  readonly gates?: Readonly<Record<string, Members>>;
  readonly configs?: Readonly<Record<string, Members>>;
  readonly layers?: Readonly<Record<string, Members>>;
  readonly conditions?: Readonly<Record<string, Members>>;
}

function payloadOf(sdk: Sdk, { conditions, configs, gates, layers }: Specs): object {
  const complete = (specs: Specs["gates"]) =>
    Object.fromEntries(
      Object.entries(specs ?? {}).map(([name, spec]) => [
        name,
        { salt: "s", enabled: true, idType: "userID", ...spec },
      ]),
    );
  const payload: V2 = {
    ...{ has_updates: true, time: 1, experiment_to_layer: {} },
    feature_gates: complete(gates),
    dynamic_configs: complete(configs),
    layer_configs: complete(layers),
    condition_map: { dk: DK, low: LOW, high: HIGH, scattered: SCATTERED, ...conditions },
  };
  return sdk === "core" ? payload : toV1(payload);
}

function configurationOf(sdk: Sdk, specs: Specs): Configuration {
  const dialect = sdk === "core" ? statsig() : statsigLegacy();
  const flags = new TextEncoder().encode(JSON.stringify(payloadOf(sdk, specs)));
  return Configuration.from({ dialect, payloads: { flags } });
}

/** Returns the explanation of the first rule of a flag. */
function explaining(sdk: Sdk, specs: Specs) {
  const client = createExplainingClient(configurationOf(sdk, specs), statsigExplainer);
  return (flagKey: string, { userID, ...attributes }: StatsigUser) =>
    client.answer({ flagKey, subjectKey: String(userID), nowMs: 0, attributes: { ...attributes } })
      .explanation.flag?.allocations[0];
}

describe.each<Sdk>(["core", "legacy"])("the dialect for the %s SDK", (sdk) => {
  it("explains in which share of a rule a user is", async () => {
    const lists = [[], ["dk"], ["low"], ["dk", "low"], ["scattered"]];
    const rules = [0, 0.5, 10, 50, 90, 100].flatMap((passPercentage, row) =>
      lists
        .filter((_, column) => isInPart(row, column))
        .map((conditions) => ({ passPercentage, conditions })),
    );
    const gates = Object.fromEntries(
      rules.map((it, i) => [`g${i}`, { ...GATE, rules: [{ ...RULE, ...it }] }]),
    );
    const vendor = await vendorOf(sdk, payloadOf(sdk, { gates }));
    const explained = explaining(sdk, { gates });
    const found: unknown[] = [];
    for (const [i, { conditions, passPercentage }] of rules.entries()) {
      for (const [row, user] of USERS.entries()) {
        if (!isInPart(row, i)) continue;
        const value = vendor.evaluate("gate", `g${i}`, user).value;
        const { splits = [], unit } = explained(`g${i}`, user) ?? {};
        const holding = splits.filter((it) => it.outcome === "holds").map((it) => it.variation);
        const isMet = !conditions.includes("dk") || user["country"] === "DK";
        const isHashed = conditions.some((it) => it !== "dk");
        const isOut = isHashed && value === false && holding.length === 0;
        const isSplit = isHashed || (passPercentage > 0 && passPercentage < 100);
        const shards = splits.flatMap((it) => it.shards);
        const isRight = isMet
          ? (holding.join() === String(value) || isOut) &&
            shards.every((it) => (it.shard === null) === (it.outcome === "not-reached"))
          : splits.every((it) => it.outcome === "not-reached") &&
            shards.every((it) => it.outcome === "not-reached" && it.shard === null);
        if (!isRight || unit?.name !== (isSplit ? "userID" : undefined))
          found.push({ conditions, passPercentage, user, value, splits });
      }
    }
    expect(found).toEqual([]);
    await vendor.close();
  });

  it("names the group of the experiment that decides a layer", async () => {
    const group = { ...RULE, isExperimentGroup: true };
    const specs: Specs = {
      configs: {
        trial: {
          ...{ ...CONFIG, entity: "experiment" },
          rules: [
            { ...group, id: "a", groupName: "A", returnValue: { x: 1 }, conditions: ["low"] },
            { ...group, id: "b", groupName: "B", returnValue: { x: 2 }, conditions: ["high"] },
          ],
        },
      },
      layers: {
        home: {
          ...{ ...CONFIG, entity: "layer" },
          rules: [{ ...RULE, returnValue: {}, configDelegate: "trial", conditions: ["dk"] }],
        },
      },
    };
    const vendor = await vendorOf(sdk, payloadOf(sdk, specs));
    const explained = explaining(sdk, specs);
    for (const [row, user] of USERS.entries()) {
      if (!isInPart(row)) continue;
      const { allocatedExperimentName, groupName } = vendor.evaluate("layer", "home", user);
      const holding = explained("home", user)?.splits.filter((it) => it.outcome === "holds");
      const isIn = allocatedExperimentName === "trial";
      expect({ user, splits: holding?.map((it) => it.variation) }).toEqual({
        user,
        splits: isIn ? [`trial: ${groupName}`] : [],
      });
    }
    await vendor.close();
  });

  it.runIf(sdk === "core")(
    "reaches no rule after an experiment that is undecided, in a layer that merges",
    () => {
      const list = {
        ...CONDITION,
        type: "unit_id",
        operator: "in_segment_list",
        targetValue: "beta",
      };
      const specs: Specs = {
        configs: { trial: { ...CONFIG, rules: [{ ...RULE, conditions: ["list"] }] } },
        layers: {
          home: {
            ...{ ...CONFIG, entity: "layer", useNewLayerEval: true },
            rules: [
              { ...RULE, id: "a", configDelegate: "trial", conditions: ["dk"] },
              { ...RULE, id: "b", conditions: ["dk"] },
            ],
          },
        },
        conditions: { list },
      };
      const client = createExplainingClient(configurationOf(sdk, specs), statsigExplainer);
      const question = {
        flagKey: "home",
        subjectKey: "u",
        nowMs: 0,
        attributes: { country: "DK" },
      };
      const { flag } = client.answer(question).explanation;
      expect(flag?.allocations.map((it) => it.outcome)).toMatchObject({ 1: "not-reached" });
    },
  );

  // The rules of version 1 contain their conditions.
  it.runIf(sdk === "core")("does not support a missing condition", async () => {
    const rules = [{ ...RULE, conditions: ["missing"] }];
    const specs = { gates: { g: { ...GATE, rules } } };
    const vendor = await vendorOf(sdk, payloadOf(sdk, specs));
    const ours = evaluate(clientOf(sdk, payloadOf(sdk, specs)), "gate", "g", { userID: "u" });
    expect(ours).toEqual({
      ...vendor.evaluate("gate", "g", { userID: "u" }),
      reason: "unsupported",
    });
    await vendor.close();
  });

  it("has the vendor's value for values of all types", async () => {
    const values = [null, "", "x", 0, 5, true, false, [], [1], {}, { x: null }];
    const specs = Object.fromEntries(
      values.flatMap((it, i) => [
        [`r${i}`, { ...CONFIG, rules: [{ ...RULE, returnValue: it, conditions: [] }] }],
        [`d${i}`, { ...CONFIG, defaultValue: it, rules: [] }],
      ]),
    );
    const payload = payloadOf(sdk, { configs: specs, layers: specs });
    const [client, vendor] = [clientOf(sdk, payload), await vendorOf(sdk, payload)];
    const user = { userID: "u" };
    const found = (["config", "layer"] as const).flatMap((kind) =>
      Object.entries(specs).flatMap(([name, spec]) => {
        const { reason: _, ...ours } = evaluate(client, kind, name, user);
        const theirs = vendor.evaluate(kind, name, user);
        return isDeepStrictEqual(ours, theirs) ? [] : [{ kind, spec, ours, theirs }];
      }),
    );
    expect(found).toEqual([]);
    await vendor.close();
  });

  it.each<
    readonly [
      condition: Members,
      words: string,
      comparisons: readonly string[],
      flags: readonly string[],
    ]
  >([
    [DK, "country is DK", ["country"], []],
    [
      { ...CONDITION, type: "pass_gate", targetValue: "other" },
      "the subject is such that its gate is on: other",
      [],
      ["other"],
    ],
    [
      { ...CONDITION, type: "fail_gate", targetValue: "other" },
      "the subject is such that its gate is off: other",
      [],
      ["other"],
    ],
    [
      { ...CONDITION, type: "pass_gate", targetValue: "segment:s" },
      "the subject is in segment s",
      [],
      ["segment:s"],
    ],
    [
      { ...CONDITION, type: "fail_gate", targetValue: "segment:s" },
      "the subject is not in segment s",
      [],
      ["segment:s"],
    ],
    [
      { ...CONDITION, type: "unit_id", idType: "companyID", targetValue: ["c"] },
      "companyID is c",
      ["companyID"],
      [],
    ],
    [
      { ...CONDITION, type: "environment_field", field: "tier", targetValue: ["x"] },
      "environment tier is x",
      [],
      [],
    ],
    [
      { ...CONDITION, type: "current_time", operator: "after", targetValue: 1 },
      "current time is after 1",
      [],
      [],
    ],
    [{ ...CONDITION, type: "target_app", targetValue: ["x"] }, "target app is x", [], []],
    [{ ...LOW, operator: "eq" }, "user bucket is 500", [], []],
    [{ ...DK, operator: "odd" }, "malformed", [], []],
    [{ ...DK, type: "weather" }, "malformed", [], []],
  ])("describes the condition %j", (condition, words, comparisons, flags) => {
    const rules = [{ ...RULE, conditions: ["c"] }];
    const configuration = configurationOf(sdk, {
      gates: { g: { ...GATE, rules }, other: { ...GATE, rules: [] } },
      conditions: { c: condition },
    });
    const [described] = statsigExplainer.describe(configuration, "g").allocations;
    const [reads] = statsigExplainer.readsOf(configuration, "g");
    const conditions = described?.rules.flatMap((it) => it.conditions) ?? [];
    expect({
      words: conditions.map((it) => conditionWords(it, statsigExplainer.words)),
      comparisons: reads?.comparisons.map((it) => it.attribute),
      flags: reads?.flags,
    }).toEqual({ words: [words], comparisons, flags });
  });

  it.each<readonly [rules: readonly Members[], reason: string]>([
    [[], "static"],
    [[{ conditions: [] }], "static"],
    [[{ conditions: ["no"] }, { conditions: [] }], "fallthrough"],
    [[{ conditions: ["no"] }], "fallthrough"],
    [[{ conditions: ["dk"] }], "rule"],
    [[{ conditions: ["dk", "low"] }], "rule"],
    [[{ conditions: ["high"] }], "split"],
    [[{ conditions: [], passPercentage: 50 }], "split"],
    [[{ conditions: ["no"] }, { conditions: [], passPercentage: 50 }], "split"],
  ])("says how the rules %j assign", (given, reason) => {
    const seen: ObservedEvaluation[] = [];
    const rules = given.map((it, i) => ({ ...RULE, id: `r${i}`, ...it }));
    const client = createClient({
      initialConfiguration: configurationOf(sdk, {
        gates: { g: { ...GATE, rules } },
        conditions: { no: { ...DK, targetValue: ["NO"] } },
      }),
      assignmentLogger: null,
      onEvaluation: (it) => void seen.push(it),
    });
    client.getBooleanAssignment("g", "u1", { country: "DK" }, false);
    expect(seen.map((it) => it.reason)).toEqual([reason]);
  });

  it.each([
    { key: "g", variation: "true", value: true },
    { key: "g", variation: "false", value: false },
    { key: "g", variation: "A", value: false },
    { key: "c", variation: "A", value: { x: 1 } },
    { key: "c", variation: "default", value: { x: 0 } },
    { key: "c", variation: "true", value: { x: 0 } },
    { key: "c.x", variation: "A", value: 1 },
  ])("finds the value of an override: $variation of $key", ({ key, value, variation }) => {
    const rules = [{ ...RULE, groupName: "A", returnValue: { x: 1 }, conditions: ["dk"] }];
    const specs = {
      gates: { g: { ...GATE, enabled: false, rules: [] } },
      configs: { c: { ...CONFIG, defaultValue: { x: 0 }, rules } },
    };
    const client = clientOf(sdk, payloadOf(sdk, specs)).withOverrides({ [key]: variation });
    const request = { flagKey: key, subjectKey: "u", defaultValue: "fallback" };
    expect(client.evaluate(request).value).toEqual(value);
  });

  it.each<{
    of: string;
    attributes: Subject["attributes"];
    conditions?: string[];
    lacking: string[];
  }>([
    { of: "userID", attributes: {}, lacking: [] },
    { of: "companyID", attributes: {}, lacking: ["companyID"] },
    { of: "companyID", attributes: { customIDs: { companyID: "c" } }, lacking: [] },
    { of: "companyID", attributes: { customIDs: { stableID: "c" } }, lacking: ["companyID"] },
    { of: "companyID", attributes: { customIDs: { companyID: "" } }, lacking: [] },
    { of: "userID", attributes: {}, conditions: ["dk"], lacking: ["country"] },
    { of: "userID", attributes: { country: "SE" }, conditions: ["dk"], lacking: [] },
  ])("names what a subject lacks: $of of $attributes", ({ attributes, lacking, of, ...given }) => {
    const rules = [{ ...RULE, idType: of, passPercentage: 50, conditions: [], ...given }];
    const configuration = configurationOf(sdk, { gates: { g: { ...GATE, rules } } });
    const lacks: string[] = [];
    const scope: Scope<StatsigExtras> = {
      ...{ configuration, trace: null, expectedType: null, extras: null },
      ...{ nowMs: () => 0, memo: () => new Map(), expose() {}, hashedBy() {} },
      lacks: (it) => void lacks.push(it),
    };
    configuration.flag("g")?.evaluate({ key: "u", attributes }, scope);
    expect(lacks).toEqual(lacking);
  });

  it.each([
    { of: "userID", subject: "user" },
    { of: "companyID", subject: "company" },
  ])("logs an exposure of the user that is given: $of", ({ of, subject }) => {
    const events: AssignmentEvent[] = [];
    const gates = { g: { ...GATE, idType: of, rules: [] } };
    const client = createClient({
      initialConfiguration: configurationOf(sdk, { gates }),
      assignmentLogger: { logAssignment: (event) => void events.push(event) },
    });
    const user = { userID: "user", customIDs: { companyID: "company" } };
    client.evaluate({ flagKey: "g", subjectKey: "u", defaultValue: false, extras: { user } });
    expect(events.map((it) => it.subject)).toEqual([subject]);
  });
});
