import type { JsonObject } from "@sortition/core/dialect";
import { setMember } from "../condition/member.js";
import type { AmplitudeConfiguration } from "../configuration.js";
import { decideInto, type Failures } from "../flag.js";
import type { ExperimentUser } from "../user.js";
import { type CohortLookup, EvaluationCall } from "./evaluation-call.js";
import type { Outcome } from "./outcome.js";
import { cycleMessage } from "./plan.js";

/** Thrown if flags depend on each other in a cycle. */
export class DependencyCycleError extends Error {
  override readonly name = "Error";
  /** Keys of these flags, in the vendor's order. */
  readonly cycle: readonly string[];

  constructor(cycle: readonly string[]) {
    super(cycleMessage(cycle));
    this.cycle = cycle;
  }
}

/** Results by flag key, in the order of evaluation. */
export type Results = ReadonlyMap<string, Outcome>;

/**
 * Evaluates flags for a user as the vendor's local evaluation does, except that a malformed flag is
 * left out instead of failing the whole call. The user is not modified.
 *
 * @param flagKeys - the flags to evaluate, together with their dependencies. Default: all.
 * @param lookup - where to look up cohorts. Default: the cohorts of the configuration.
 * @param failures - receives the errors of malformed flags.
 * @throws DependencyCycleError if the flags depend on each other in a cycle.
 * @throws TypeError if a group of the user has no list of names.
 */
export function evaluateUser(
  configuration: AmplitudeConfiguration,
  user: ExperimentUser,
  flagKeys?: readonly string[] | null,
  lookup: CohortLookup = configuration,
  failures: Failures | null = null,
): Results {
  checkGroups(user);
  const { cycle, flags } = flagKeys ? configuration.planOfEach(flagKeys) : configuration.planOfAll;
  if (cycle !== null) throw new DependencyCycleError(cycle);
  const call = EvaluationCall.ofUser(user, lookup);
  const results = new Map<string, Outcome>();
  call.results = results;
  for (const flag of flags) decideInto(results, flag, call, failures);
  return results;
}

/**
 * Quirk: the vendor reads the length of every list of names, even if no flag needs it (amplitude).
 */
function checkGroups({ groups }: ExperimentUser): void {
  if (!groups) return;
  for (const [type, names] of Object.entries(groups as Readonly<Record<string, unknown>>)) {
    if (names === null || names === undefined) {
      throw new TypeError(`groups[${JSON.stringify(type)}]: expected an array of names`);
    }
  }
}

/** A variant in the format of the vendor's clients. */
export interface Variant {
  /** Key of the variant. */
  key?: string;
  /** The value as a string. */
  value?: string;
  /** Any JSON value. */
  payload?: unknown;
  /** Metadata of the flag, the segment and the variant. */
  metadata?: Record<string, unknown>;
}

/** Variants by flag key. */
export type Variants = Record<string, Variant>;

/**
 * Converts results to variants. These are new objects that callers may modify.
 *
 * @param withoutDefaults - whether to leave out default variants, as the deprecated `evaluate`
 * does.
 */
export function toVariants(results: Results, withoutDefaults = false): Variants {
  const variants: Variants = {};
  for (const [key, outcome] of results) {
    if (withoutDefaults && outcome.isDefault) continue;
    setMember(variants, key, toVariant(outcome));
  }
  return variants;
}

function toVariant(outcome: Outcome): Variant {
  const { nested, variant } = outcome;
  const metadata: Record<string, unknown> = { ...variant.metadata };
  // Indexed loops, because they run for most evaluations.
  for (let i = 0; i < nested.metadata.length; i++) {
    const name = nested.metadata[i]!; // i < length
    setMember(metadata, name, copyOf(metadata[name]));
  }
  const copy: Variant & Record<string, unknown> = {
    ...variant,
    metadata,
    // An absent value is still a member, as in the vendor's SDK.
    value: outcome.text as string,
  };
  for (let i = 0; i < nested.variant.length; i++) {
    const name = nested.variant[i]!; // i < length
    if (name !== "value") setMember(copy, name, copyOf(copy[name]));
  }
  return copy;
}

function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy: Record<string, unknown> = { ...(value as JsonObject) };
  for (const name of Object.keys(copy)) {
    const member = copy[name];
    if (typeof member === "object" && member !== null) setMember(copy, name, copyOf(member));
  }
  return copy;
}
