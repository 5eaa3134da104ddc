import type { Random } from "@sortition/proof";
import {
  type FlagDefinition,
  type FlagType,
  flagsPayload,
  type Json,
  splitFlag,
  type WrittenVendor,
} from "@sortition/test-kit/flags";
import { type AmplitudeFlag, withOff } from "../amplitude/with-off.js";

/** A generated configuration of one dialect. */
export interface GeneratedConfiguration {
  readonly keys: readonly string[];
  readonly payload: object;
}

/** The types that the values of a flag can have. */
export const VALUE_KINDS = ["boolean", "string", "integer", "numeric", "json"] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** Who gets which value of a generated flag, in terms that all dialects support. */
interface Plan {
  readonly key: string;
  readonly kind: ValueKind;
  readonly values: readonly unknown[];
  /** The percentage of subjects that get a value from the first rule. */
  readonly traffic: number;
  /** Whether the first rule has a condition on `nation`. */
  readonly hasRule: boolean;
  /** Whether all other subjects get the last value. */
  readonly hasRest: boolean;
}

/** The dialects for which flags are generated. */
export const DIALECT_NAMES = ["eppo", "growthbook", "amplitude", "posthog", "datadog"] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

/** The values of the flags by kind. Tests also try other values in calls. */
export const UNIVERSE = {
  boolean: [true, false],
  string: ["fast", "standard", "slow"],
  integer: [2, 3, 9],
  numeric: [0.5, 1.5, 9.25],
  json: [{ hero: "a" }, { hero: "b", size: 1 }, { other: true }],
} as const;

export const NATIONS = ["DK", "SE", "DE", "FR"] as const;
const RULED = ["DK", "SE"];

/** A configuration with one flag for each type of value. Each flag gives every subject one of two values. */
export function sampleConfiguration(dialect: WrittenVendor): GeneratedConfiguration {
  const plans = VALUE_KINDS.map((kind): Plan => {
    const values = UNIVERSE[kind].slice(0, 2);
    return { key: kind, kind, values, traffic: 100, hasRule: false, hasRest: true };
  });
  return { keys: plans.map(({ key }) => key), payload: payloadOf(dialect, plans) };
}

/** A configuration with this many random flags. */
export function generatedConfiguration(
  dialect: DialectName,
  random: Random,
  count: number,
): GeneratedConfiguration {
  const plans = Array.from({ length: count }, (_, index) => planOf(`flag ${index}`, random));
  const payload = payloadOf(dialect, plans);
  return { keys: plans.map(({ key }) => key), payload };
}

function planOf(key: string, random: Random): Plan {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const kind = pick(VALUE_KINDS);
  const universe: readonly unknown[] = UNIVERSE[kind];
  return {
    key,
    kind,
    values: universe.slice(0, pick([1, 2, 2])),
    traffic: pick([100, 100, 40]),
    hasRule: pick([true, false]),
    hasRest: pick([true, false]),
  };
}

/** Writes the flags in the format of a dialect. */
function payloadOf(dialect: WrittenVendor, plans: readonly Plan[]): object {
  const payload = flagsPayload(
    dialect,
    plans.map((plan) => definitionOf(dialect, plan)),
  );
  if (dialect === "datadog") {
    return { data: { type: "universal-flag-configuration", attributes: payload } };
  }
  if (dialect !== "amplitude") return payload;
  // Variants with a payload need no value, which is a string.
  const text = JSON.stringify(payload).replaceAll(/"value":"v\d","payload"/g, '"payload"');
  return (JSON.parse(text) as readonly AmplitudeFlag[]).map(withOff);
}

function definitionOf(dialect: WrittenVendor, plan: Plan): FlagDefinition {
  const { hasRest, hasRule, key, traffic, values } = plan;
  const type = typeOf(dialect, plan);
  // Boolean flags have the variations on and off. PostHog's are only switched on.
  const isSwitch = plan.kind === "boolean";
  const count = isSwitch && dialect === "posthog" ? 1 : values.length;
  const names = values
    .slice(0, count)
    .map((_, i) => (isSwitch ? ["on", "off"] : ["v0", "v1"])[i] ?? "");
  return splitFlag({
    ...{ key, type, isExperiment: values.length > 1 },
    shares: Object.fromEntries(names.map((it) => [it, traffic / names.length])),
    values: Object.fromEntries(names.map((it, i) => [it, values[i] as Json])),
    when: hasRule ? { nation: RULED } : {},
    otherwise: hasRest ? names.at(-1) : undefined,
  });
}

/** PostHog has values in payloads, and Amplitude in strings. */
function typeOf(dialect: WrittenVendor, { kind }: Plan): FlagType {
  if (kind === "boolean") return dialect === "amplitude" ? "string" : kind;
  if (dialect === "posthog") return "json";
  return kind === "numeric" ? "number" : kind;
}
