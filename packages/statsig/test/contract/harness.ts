import type { DialectCall, DialectHarness } from "@sortition/dialect-kit/dialect-contract";
import { statsig, statsigLegacy } from "../../src/dialect.js";
import { statsigExplainer } from "../../src/explain.js";
import { toV1, type V2 } from "../v1.js";

type Members = Readonly<Record<string, unknown>>;

const conditions = new Map<string, Members>();

function condition(members: Members): string {
  const wire = { field: null, additionalValues: {}, idType: "userID", ...members };
  const hash = JSON.stringify(wire);
  conditions.set(hash, wire);
  return hash;
}

function rule(
  id: string,
  returnValue: unknown,
  when: readonly string[],
  others: Members = {},
): Members {
  const salt = id;
  return {
    name: id,
    id,
    salt,
    idType: "userID",
    passPercentage: 100,
    returnValue,
    conditions: when,
    ...others,
  };
}

function spec(
  entity: string,
  defaultValue: unknown,
  rules: readonly Members[],
  others: Members = {},
): Members {
  const type =
    entity === "feature_gate" || entity === "segment" ? "feature_gate" : "dynamic_config";
  return {
    type,
    salt: "s",
    enabled: true,
    defaultValue,
    rules,
    idType: "userID",
    entity,
    ...others,
  };
}

const gold = () =>
  condition({ type: "user_field", field: "plan", operator: "any", targetValue: ["gold"] });
const gate = (name: string) => condition({ type: "pass_gate", targetValue: name, operator: null });
const bucket = (end: number, idType = "userID") =>
  condition({
    ...{ type: "user_bucket", operator: "lt", targetValue: end, idType },
    additionalValues: { salt: "split" },
  });

const GROUP = { isExperimentGroup: true };

/** Two groups, of which each gets the units up to its bound. */
function groups(first: number, second: number, idType = "userID"): readonly Members[] {
  return [
    rule("control", { colour: "grey" }, [bucket(first, idType)], {
      ...GROUP,
      groupName: "Control",
    }),
    rule("test", { colour: "red" }, [bucket(second, idType)], { ...GROUP, groupName: "Test" }),
  ];
}

function payload(colour: string, country: string): V2 {
  const inNorth = () =>
    condition({ type: "user_field", field: "country", operator: "any", targetValue: [country] });
  const feature_gates = {
    "segment:north": spec("segment", false, [rule("north", true, [inNorth()])]),
    north: spec("feature_gate", false, [rule("in north", true, [gate("segment:north")])]),
    enabled: spec("feature_gate", false, [
      rule("gold", true, [gold()]),
      rule("half", true, [], { passPercentage: 50 }),
    ]),
    needy: spec("feature_gate", false, [rule("needs", true, [gate("north"), gold()])]),
    text: spec("feature_gate", false, [rule("gold-gate", true, [gold()])]),
    chicken: spec("feature_gate", false, [rule("egg", true, [gate("egg")])]),
    egg: spec("feature_gate", false, [rule("chicken", true, [gate("chicken")])]),
    off: spec("feature_gate", false, [], { enabled: false }),
  };
  const dynamic_configs = {
    layout: spec("dynamic_config", {}, [rule("gold-layout", { columns: [1, 2] }, [gold()])]),
    text: spec("dynamic_config", { colour: "grey", size: 3, rate: 0.5 }, [
      rule("gold-text", { colour, size: 4 }, [gold()]),
    ]),
    trial: spec("experiment", { colour: "none" }, groups(500, 1_000)),
  };
  const layer_configs = {
    home: spec("layer", { colour: "white", rows: 2 }, [
      rule("experimentAssignment", {}, [gold()], { configDelegate: "trial" }),
    ]),
  };
  return payloadOf({ feature_gates, dynamic_configs, layer_configs });
}

function payloadOf(specs: Partial<V2>): V2 {
  const condition_map = Object.fromEntries(conditions);
  conditions.clear();
  const none = { feature_gates: {}, dynamic_configs: {}, layer_configs: {} };
  return { has_updates: true, time: 1, ...none, ...specs, condition_map };
}

/** Splits by the user and by a custom ID, with a percentage and with groups. */
function halves(): V2 {
  const ofCompany = { idType: "companyID", passPercentage: 50 };
  const feature_gates = {
    half: spec("feature_gate", false, [rule("half", true, [], { passPercentage: 50 })]),
    company: spec("feature_gate", false, [rule("company", true, [], ofCompany)]),
  };
  const dynamic_configs = {
    users: spec("experiment", {}, groups(500, 1_000)),
    devices: spec("experiment", {}, groups(500, 1_000, "stableID")),
  };
  return payloadOf({ feature_gates, dynamic_configs });
}

function experiments(): V2 {
  const dynamic_configs = {
    fifth: spec("experiment", {}, groups(100, 200)),
    most: spec("experiment", {}, groups(400, 800, "companyID")),
  };
  return payloadOf({ dynamic_configs });
}

const ALICE = { subjectKey: "alice", attributes: { plan: "gold", country: "DK" } };
const BOB = { subjectKey: "bob", attributes: {} };
const inNorth = { ...ALICE, flagKey: "north", type: "boolean" as const, value: true };

const CALLS: readonly DialectCall[] = [
  { ...ALICE, flagKey: "config:text", type: "json", value: { colour: "blue", size: 4 } },
  { ...ALICE, flagKey: "text.colour", type: "string", value: "blue" },
  { ...BOB, flagKey: "text.colour", type: "string", value: "grey" },
  { ...ALICE, flagKey: "text.colour", type: "boolean", reason: "SORTITION_TYPE_MISMATCH" },
  { ...ALICE, flagKey: "text.size", type: "integer", value: 4 },
  { ...BOB, flagKey: "text.rate", type: "numeric", value: 0.5 },
  { ...ALICE, flagKey: "text.rate", type: "numeric", reason: "no-allocation" },
  { ...ALICE, flagKey: "layout", type: "json", value: { columns: [1, 2] } },
  { ...ALICE, flagKey: "enabled", type: "boolean", value: true },
  { ...BOB, flagKey: "off", type: "boolean", value: false, reason: "disabled" },
  inNorth,
  { ...ALICE, flagKey: "needy", type: "boolean", value: true },
  { ...BOB, flagKey: "needy", type: "boolean", value: false },
  { ...ALICE, flagKey: "chicken", type: "boolean", reason: "SORTITION_EVALUATION" },
  { ...ALICE, flagKey: "missing", type: "boolean" },
];

function harnessOf(
  dialect: typeof statsig | typeof statsigLegacy,
  form: (payload: V2) => unknown,
): DialectHarness {
  const flags = (of: V2) => ({ flags: form(of) });
  const documents = flags(payload("blue", "DK"));
  const configs = (documents.flags as V2).dynamic_configs;
  const index = Array.isArray(configs) ? configs.findIndex(({ name }) => name === "layout") : -1;
  return {
    name: dialect === statsig ? "statsig" : "statsig-legacy",
    createDialect: (options) => dialect(options),
    documents,
    calls: CALLS,
    exposures: {
      call: { ...ALICE, flagKey: "enabled", type: "boolean" },
      events: ["enabled-gold true"],
    },
    independentFlag: {
      ...{ key: "layout", part: "flags" },
      path: ["dynamic_configs", index === -1 ? "layout" : index],
    },
    changedFlag: { key: "config:text", documents: flags(payload("green", "DK")) },
    changedSharedPart: {
      documents: flags(payload("blue", "SE")),
      call: { ...inNorth, value: false },
    },
    halves: flags(halves()),
    experiments: flags(experiments()),
    explainer: statsigExplainer,
  };
}

/** The harnesses of both dialects. */
export const HARNESSES: readonly DialectHarness[] = [
  harnessOf(statsig, (it) => it),
  harnessOf(statsigLegacy, toV1),
];
