import {
  DecodeError,
  isJsonObject,
  type JsonObject,
  type PatternGuard,
  type ReportProblem,
  unexpected,
} from "@sortition/core/dialect";
import type { Interned } from "@sortition/core/dialect-internal";
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
  /** Whether the definition has a format that we do not know. Only the server can evaluate it. */
  readonly isUnsupported: boolean;
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

/** Where a flag is, and what its parts are compiled with. */
export interface FlagContext {
  readonly key: string;
  /** JSON path of the flag. */
  readonly path: string;
  readonly guard: PatternGuard;
  readonly interned: Interned;
  /** Receives the problems that evaluations run into. */
  readonly report: ReportProblem;
}

/** Members of `filters` that the vendor's SDK reads, or that its server adds for other purposes. */
const KNOWN_FILTERS: ReadonlySet<string> = new Set([
  ...["groups", "multivariate", "payloads", "holdout", "holdout_groups", "super_groups"],
  ...["early_exit", "aggregation_group_type_index", "feature_enrollment"],
]);

/** Decodes and compiles a flag. It accepts everything that the vendor's SDK accepts. */
export function readFlag(raw: JsonObject, context: FlagContext): FlagDefinition {
  const { active } = raw;
  const { interned, key, path, report } = context;
  const filters: JsonObject = isJsonObject(raw["filters"]) ? raw["filters"] : {};
  const unknown = unknownFilter(filters);
  if (unknown !== undefined) {
    const at = `${path}.filters[${JSON.stringify(unknown)}]`;
    report(
      new DecodeError(at, "unsupported definition: only the server evaluates it"),
      "unsupported",
    );
  }
  return {
    key,
    isUnsupported: unknown !== undefined,
    id: raw["id"],
    isActive: Boolean(active),
    isDisabled: active === false,
    hasContinuity: Boolean(raw["ensure_experience_continuity"]),
    isByDevice: raw["bucketing_identifier"] === "device_id",
    hasExperiment: raw["has_experiment"],
    runtime: readRuntime(raw),
    groupTypeIndex: filters["aggregation_group_type_index"],
    holdout: readHoldout(filters["holdout"]),
    conditions: readConditions(filters["groups"] || [], `${path}.filters.groups`, context),
    exitsEarly: Boolean(filters["early_exit"]),
    variants: reportedVariants(
      filters["multivariate"],
      `${path}.filters.multivariate.variants`,
      context,
    ),
    payloads: interned.json(filters["payloads"]),
  };
}

/** Returns a member of `filters` that we do not know, if there are no conditions that we know. */
function unknownFilter(filters: JsonObject): string | undefined {
  if (Object.hasOwn(filters, "groups")) return undefined;
  return Object.keys(filters).find((name) => !KNOWN_FILTERS.has(name));
}

/** Returns the runtime in which a flag is evaluated. Default: all. */
export function readRuntime({ evaluation_runtime: runtime }: JsonObject): EvaluationRuntime {
  return runtime === "client" || runtime === "server" ? runtime : "all";
}

function readConditions(
  groups: unknown,
  path: string,
  context: FlagContext,
): FlagDefinition["conditions"] {
  const { report } = context;
  if (!Array.isArray(groups)) report(unexpected(path, "an array", groups));
  if (typeof groups !== "string" && !Array.isArray(groups)) return null;
  let former: Condition | null = null;
  const wires: readonly unknown[] = typeof groups === "string" ? lettersOf(groups) : groups;
  return wires.map((wire, i) => {
    const at = `${path}[${i}]`;
    if (!isJsonObject(wire)) report(unexpected(at, "an object", wire));
    former = wire === null ? null : compileCondition(wire, at, context, former);
    return former;
  });
}

function reportedVariants(
  multivariate: unknown,
  path: string,
  { interned, report }: FlagContext,
): readonly Variant[] | null {
  const variants = interned.of("variants", multivariate, () => readVariants(multivariate));
  if (variants === null) report(new DecodeError(path, "expected an array of objects"));
  return variants;
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
