import {
  type Interned,
  isJsonObject,
  type JsonObject,
  type PatternGuard,
} from "@sortition/core/dialect";
import { type Condition, compileCondition, lettersOf } from "./condition/condition.js";
import { readVariants, type Variant } from "./evaluation/variants.js";

/** The runtime in which a flag is evaluated. */
export type EvaluationRuntime = "all" | "client" | "server";

/** People who are excluded from an experiment. */
export interface Holdout {
  readonly variant: string;
  /** Share of people, from 0 to 1. */
  readonly share: number;
}

/** A flag, decoded as far as the vendor's SDK reads it. */
export interface FlagDefinition {
  readonly key: string;
  /** Any value, because the vendor does not check its type. */
  readonly id: unknown;
  readonly isActive: boolean;
  /** Whether `active` is `false`, as opposed to missing. */
  readonly isDisabled: boolean;
  readonly hasContinuity: boolean;
  readonly isByDevice: boolean;
  /** Whether it is linked to an experiment. `undefined` if unknown. */
  readonly hasExperiment: unknown;
  readonly runtime: EvaluationRuntime;
  /** Index of the group type to which values are assigned. `null` or `undefined` if values are assigned to people. */
  readonly groupTypeIndex: unknown;
  readonly holdout: Holdout | null;
  /**
   * Conditions in order, with `null` for a condition that is `null`. `null` if they are neither a list nor a string.
   */
  readonly conditions: readonly (Condition | null)[] | null;
  readonly exitsEarly: boolean;
  readonly variants: readonly Variant[] | null;
  readonly payloads: unknown;
}

/** Decodes and compiles a flag. It accepts everything that the vendor's SDK accepts. */
export function readFlag(
  raw: JsonObject,
  key: string,
  path: string,
  guard: PatternGuard,
  interned: Interned,
): FlagDefinition {
  const { active } = raw;
  const filters: JsonObject = isJsonObject(raw["filters"]) ? raw["filters"] : {};
  return {
    key,
    id: raw["id"],
    isActive: Boolean(active),
    isDisabled: active === false,
    hasContinuity: Boolean(raw["ensure_experience_continuity"]),
    isByDevice: raw["bucketing_identifier"] === "device_id",
    hasExperiment: raw["has_experiment"],
    runtime: readRuntime(raw),
    groupTypeIndex: filters["aggregation_group_type_index"],
    holdout: readHoldout(filters["holdout"]),
    conditions: readConditions(filters["groups"] || [], `${path}.filters.groups`, guard, interned),
    exitsEarly: Boolean(filters["early_exit"]),
    variants: sharedVariants(filters["multivariate"], interned),
    payloads: interned.json(filters["payloads"]),
  };
}

/** Returns the runtime in which a flag is evaluated. Default: all. */
export function readRuntime({ evaluation_runtime: runtime }: JsonObject): EvaluationRuntime {
  return runtime === "client" || runtime === "server" ? runtime : "all";
}

function readConditions(
  groups: unknown,
  path: string,
  guard: PatternGuard,
  interned: Interned,
): FlagDefinition["conditions"] {
  if (typeof groups !== "string" && !Array.isArray(groups)) return null;
  let former: Condition | null = null;
  const wires: readonly unknown[] = typeof groups === "string" ? lettersOf(groups) : groups;
  return wires.map((wire, i) => {
    former =
      wire === null ? null : compileCondition(wire, `${path}[${i}]`, guard, interned, former);
    return former;
  });
}

function sharedVariants(multivariate: unknown, interned: Interned): readonly Variant[] | null {
  return interned.of("variants", multivariate, () => readVariants(multivariate));
}

/** Quirk: if the percentage is not a number, there is no holdout (posthog). */
function readHoldout(wire: unknown): Holdout | null {
  if (!isJsonObject(wire)) return null;
  const { exclusion_percentage: excluded = null, id = null } = wire;
  if (id === null || excluded === null) return null;
  const percentage = Number(excluded);
  if (!Number.isFinite(percentage)) return null;
  return { variant: `holdout-${id}`, share: Math.min(Math.max(percentage, 0), 100) / 100 };
}
