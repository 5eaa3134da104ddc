import {
  isJsonObject,
  type JsonObject,
  type PatternGuard,
  type Report,
  type ShardSpace,
} from "@sortition/core/dialect";
import {
  sha256Modulo,
  sha256Prefix,
  stringOf,
  unknownWord,
} from "@sortition/core/dialect-internal";
import { listedNameOf } from "../evaluation/bucket.js";
import type { StatsigLookups } from "../evaluation/lookups.js";
import type { SdkRules, Tier } from "../evaluation/sdk-rules.js";
import { FAILS, HOLDS, type Tested, UNRESOLVED, UNSUPPORTED } from "../evaluation/tested.js";
import type { StatsigUser } from "../evaluation/user.js";

/** Code of the issue of a type of condition or an operator that does not exist. */
export const UNKNOWN_CONDITION = "unknown-condition";
/** The number of shards of a condition that hashes a unit. */
export const BUCKETS = 1_000;

/** What conditions read of a configuration. */
export interface Surroundings {
  readonly sdk: SdkRules;
  readonly lookups: StatsigLookups;
  readonly tier: Tier;
  readonly appId: unknown;
}

/** What conditions read of an evaluation. */
export interface ConditionCall {
  readonly configuration: Surroundings;
  readonly user: StatsigUser;
  /** Whether a pattern was not decided. */
  hasUndecidedPattern: boolean;
  nowMs(): number;
  /** Returns a field of the user. */
  field(name: string): unknown;
  /** Returns the ID of a unit. */
  unit(idType: unknown): unknown;
  /** Tests a gate. A gate that does not exist is false. */
  testGate(name: string, expected: boolean): Tested;
  /** Returns the group of an experiment. */
  groupOf(experiment: string): string | undefined;
}

/** One test of a user. */
export interface Condition {
  /** As received. */
  readonly wire: JsonObject;
  readonly type: string;
  /** Whether the vendor's SDK knows its type and its operator. */
  readonly isKnown: boolean;
  test(call: ConditionCall): Tested;
  /** Returns the tested value, for explanations. */
  actual(call: ConditionCall): unknown;
}

/** Something that evaluations read and payloads do not contain. */
export interface ExternalRead {
  readonly kind: "bandit" | "browser" | "country" | "ID list";
  /** The list, the bandit, or the field of the user. */
  readonly name: string;
}

/** What conditions are compiled with. */
export interface ConditionContext {
  readonly sdk: SdkRules;
  readonly guard: PatternGuard;
  readonly report: Report;
}

/** Value of a condition whose lookup is missing. */
const OPEN = Symbol("open");

export function compileCondition(
  wire: JsonObject,
  path: string,
  context: ConditionContext,
): Condition {
  const { report, sdk } = context;
  sdk.check("condition", wire, path);
  const type = sdk.wordOf(wire["type"]);
  const { targetValue: target } = wire;
  const known = { wire, type, isKnown: true, actual: () => undefined };
  if (type === "public") return { ...known, test: () => HOLDS };
  if (type === "pass_gate" || type === "fail_gate") {
    const gate = gateIn(wire);
    const expected = type === "pass_gate";
    return { ...known, test: (call) => call.testGate(gate, expected) };
  }
  const isOwn = sdk.ownTypes.includes(type);
  if (isOwn && type.startsWith("multi_")) return { ...known, test: testAnyGate(type, target) };
  const reader = readerOf(type, wire, sdk);
  const test = reader === null ? null : testOf(wire, path, context);
  if (reader === null || test === null) {
    const member = reader === null ? "type" : "operator";
    const problem = unknownWord(`${path}.${member}`, member, wire[member], "nothing is assigned");
    report(problem, UNKNOWN_CONDITION);
    return { ...known, isKnown: false, test: () => UNSUPPORTED };
  }
  return {
    ...known,
    actual(call) {
      const value = reader(call);
      return value === OPEN ? undefined : value;
    },
    test(call) {
      const value = reader(call);
      return value === OPEN ? UNRESOLVED : test(value, call);
    },
  };
}

/** Returns the gate that a condition tests. */
export function gateIn({ targetValue }: JsonObject): string {
  return stringOf(targetValue ?? "");
}

/** Returns the shards into which a condition hashes units. */
export function bucketsOf({ additionalValues }: JsonObject): ShardSpace {
  const salt = stringOf((additionalValues as { salt?: unknown } | null | undefined)?.salt ?? "");
  return { salt, totalShards: BUCKETS };
}

/** Returns what a condition looks up; `null` if the user tells everything. */
export function lookupIn({ isKnown, type, wire }: Condition): ExternalRead | null {
  const { field, operator, targetValue } = wire;
  if (!isKnown) return null;
  if (/^(?:not_)?in_segment_list$/i.test(stringOf(operator ?? ""))) {
    return { kind: "ID list", name: stringOf(targetValue ?? "") };
  }
  const name = stringOf(field ?? "");
  if (type === "ip_based" && name === "country") return { kind: "country", name };
  return type === "ua_based" && isAgentField(name) ? { kind: "browser", name } : null;
}

type Test = (value: unknown, call: ConditionCall) => Tested;

/** Returns the test of a condition's value; `null` if the operator is unknown. */
function testOf(
  { operator, targetValue: target }: JsonObject,
  path: string,
  { guard, report, sdk }: ConditionContext,
): Test | null {
  const name = sdk.wordOf(operator ?? "");
  if (name === "in_segment_list" || name === "not_in_segment_list") {
    return (value, call) => testList(target, value, name === "in_segment_list", call);
  }
  const operatorOf = Object.hasOwn(sdk.operators, name) ? sdk.operators[name] : undefined;
  const test = operatorOf?.(target, guard, `${path}.targetValue`, report);
  if (test === undefined) return null;
  return (value, call) => {
    const holds = test(value);
    if (holds === null) call.hasUndecidedPattern = true;
    return holds === null ? UNRESOLVED : holds ? HOLDS : FAILS;
  };
}

function testList(list: unknown, value: unknown, isIn: boolean, call: ConditionCall): Tested {
  const text = typeof value === "string" ? value : "";
  if (text === "" || typeof list !== "string") return isIn ? FAILS : HOLDS;
  const { idList } = call.configuration.lookups;
  if (idList === undefined) return UNRESOLVED;
  return idList(list, listedNameOf(text)) === isIn ? HOLDS : FAILS;
}

/** Tests whether one of several gates has a value. */
function testAnyGate(type: string, target: unknown): (call: ConditionCall) => Tested {
  const expected = type === "multi_pass_gate";
  return (call) => {
    if (!Array.isArray(target)) return UNSUPPORTED;
    for (const gate of target) {
      const tested = call.testGate(stringOf(gate), expected);
      if (tested !== FAILS) return tested;
    }
    return FAILS;
  };
}

/** Returns what a condition of this type tests. `null`: the type is unknown. */
function readerOf(
  type: string,
  { additionalValues, field, idType, operator }: JsonObject,
  sdk: SdkRules,
): ((call: ConditionCall) => unknown) | null {
  const name = typeof field === "string" ? field : null;
  const fieldIn = (call: ConditionCall): unknown => (name === null ? undefined : call.field(name));
  switch (type) {
    case "user_field":
      return fieldIn;
    case "ip_based":
      return (call) => fieldIn(call) ?? (name === "country" ? countryOf(call) : undefined);
    case "ua_based":
      return (call) => fieldIn(call) ?? (name === null ? undefined : agentOf(name, call));
    case "environment_field":
      return ({ configuration, user }) =>
        name === null ? undefined : sdk.environmentOf(user, name, configuration.tier);
    case "current_time":
      return (call) => sdk.timeFor(operator, call.nowMs());
    case "user_bucket": {
      const salt = isJsonObject(additionalValues) ? additionalValues["salt"] : undefined;
      const prefix = sha256Prefix(`${sdk.saltOf(salt)}.`);
      return (call) => sha256Modulo(sdk.textOf(call.unit(idType)), BUCKETS, prefix);
    }
    case "unit_id":
      return (call) => call.unit(idType);
    case "target_app":
      return ({ configuration }) => configuration.appId;
    case "experiment_group":
      if (!sdk.ownTypes.includes(type)) return null;
      return (call) => (name === null ? undefined : call.groupOf(name));
    default:
      return null;
  }
}

function countryOf(call: ConditionCall): unknown {
  const ip = call.field("ip");
  if (typeof ip !== "string" || ip === "") return undefined;
  const { country } = call.configuration.lookups;
  return country === undefined ? OPEN : country(ip);
}

const AGENT_FIELDS: readonly string[] = ["osname", "osversion", "browsername", "browserversion"];

function isAgentField(name: string): boolean {
  return AGENT_FIELDS.includes(name.toLowerCase().replace("_", ""));
}

function agentOf(field: string, call: ConditionCall): unknown {
  const agent = call.field("userAgent");
  if (typeof agent !== "string" || agent === "" || agent.length > 1_000) return undefined;
  if (!isAgentField(field)) return undefined;
  const { userAgent } = call.configuration.lookups;
  return userAgent === undefined ? OPEN : userAgent(agent, field.toLowerCase());
}
