import type { FlagDefinition, Json, Outcome, Test } from "./definition.js";
import { type JsonObject, objectOf } from "./json-object.js";
import { type Step, stepsOf } from "./steps.js";
import { withMember } from "./with-flag.js";
import { FormatError, type Writer } from "./writer.js";

const FORMAT = "Statsig";

/** Writes Statsig's gates and configs, in the format of its current SDKs. A flag that is not boolean is a config. */
export const statsigWriter: Writer = {
  format: FORMAT,
  empty: {
    flags: {
      ...{ has_updates: true, time: 1, feature_gates: {}, dynamic_configs: {}, layer_configs: {} },
      condition_map: {},
    },
  },
  readKeyOf: ({ key, type }) => (type === "boolean" || type === "json" ? key : `${key}.value`),
  typeOf(parts, key) {
    const { dynamic_configs: configs, feature_gates: gates } = objectOf(parts["flags"]);
    if (Object.hasOwn(objectOf(gates), key)) return "boolean";
    return Object.hasOwn(objectOf(configs), key) ? "json" : null;
  },
  withFlag(parts, flag) {
    const payload = objectOf(parts["flags"]);
    const conditions: Record<string, Json> = { ...objectOf(payload["condition_map"]) };
    const isGate = flag.type === "boolean";
    const member = isGate ? "feature_gates" : "dynamic_configs";
    const written = flag.state === "missing" ? null : specWire(flag, conditions);
    const flags = { ...payload, condition_map: conditions };
    return withMember({ ...parts, flags }, member, flag.key, written);
  },
};

function specWire(flag: FlagDefinition, conditions: Record<string, Json>): JsonObject {
  const { key, state, type, variations } = flag;
  const isGate = type === "boolean";
  const given = (variation: string): Json =>
    isGate ? variation === "on" : objectOfValue(variations.get(variation));
  const all = stepsOf(flag).flatMap((it) => rulesWire(it, `${key}.${it.name}`, conditions, given));
  return {
    type: isGate ? "feature_gate" : "dynamic_config",
    salt: key,
    enabled: state !== "disabled",
    defaultValue: isGate ? false : {},
    rules: state === "malformed" ? 1 : all,
    idType: "userID",
    entity: isGate ? "feature_gate" : "dynamic_config",
  };
}

/** A split consists of one rule for each variation, whose shares of one hash follow each other. */
function rulesWire(
  { conditions, name: id, outcome, subjects }: Step,
  salt: string,
  known: Record<string, Json>,
  given: (variation: string) => Json,
): readonly JsonObject[] {
  const tests = conditions.map(({ attribute, test }) => testWire(attribute, test));
  const own = { type: "unit_id", operator: "any_case_sensitive", targetValue: subjects };
  const when = subjects === null ? tests : [...tests, own];
  return sharesOf(outcome).map(({ end, variation }, i, all) => {
    const bucket = {
      type: "user_bucket",
      operator: "lt",
      targetValue: Math.round(end * 10),
      additionalValues: { salt },
    };
    const isSplit = all.length > 1 || end < 100;
    const hashes = [...when, ...(isSplit ? [bucket] : [])].map((it) =>
      hashOf(it as JsonObject, known),
    );
    return {
      name: id,
      id: i === 0 ? id : `${id}-${i + 1}`,
      salt,
      passPercentage: 100,
      conditions: hashes,
      returnValue: given(variation),
      groupName: variation,
      idType: "userID",
      isExperimentGroup: isSplit && when.length === 0,
    };
  });
}

function sharesOf(
  outcome: Outcome,
): readonly { readonly end: number; readonly variation: string }[] {
  if (outcome.kind === "give") return [{ end: 100, variation: outcome.variation }];
  let end = 0;
  return outcome.shares.map(({ percent, variation }) => {
    end += percent;
    return { end, variation };
  });
}

/** Conditions are named by their content. */
function hashOf(condition: JsonObject, known: Record<string, Json>): string {
  const wire = { field: null, additionalValues: {}, idType: "userID", ...condition };
  const hash = JSON.stringify(wire);
  known[hash] = wire as Json;
  return hash;
}

/** Values of configs are objects. Any other value is the parameter `value`, whose key is `<flag>.value`. */
function objectOfValue(value: Json | undefined): Json {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value : { value: value ?? null };
}

function testWire(field: string, test: Test): JsonObject {
  const wire = (operator: string, targetValue: unknown): JsonObject =>
    ({ type: "user_field", field, operator, targetValue }) as JsonObject;
  switch (test.kind) {
    case "one-of":
      return wire("any_case_sensitive", test.values);
    case "none-of":
      return wire("none_case_sensitive", test.values);
    case "matches":
      return wire("str_matches", test.pattern);
    case "does-not-match":
      throw new FormatError(`${FORMAT} cannot negate a pattern`);
    case "present":
      return wire("neq", null);
    case "absent":
      return wire("eq", null);
    default:
      return wire(`${typeof test.value === "string" ? "version_" : ""}${test.kind}`, test.value);
  }
}
