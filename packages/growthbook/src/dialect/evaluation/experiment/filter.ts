import { bucketOf, type CompiledHash, compileHash } from "../../hash/hash.js";
import { type CompileOptions, type MalformedError, malformed } from "../../malformed.js";
import { safeText } from "../../safe-text.js";
import { truthyValueOf } from "../attributes.js";
import type { EvaluationCall, NamedExperiment } from "../evaluation-call.js";
import { type CompiledRanges, compileRanges, indexOfRange } from "./ranges.js";

/** A filter. Users pass if their bucket number is in one of the ranges. */
export interface CompiledFilter {
  readonly attribute: string;
  readonly hash: CompiledHash;
  readonly ranges: CompiledRanges | MalformedError;
}

/** Filters that must all pass. A malformed filter throws when it is reached. */
export type CompiledFilters = readonly (CompiledFilter | MalformedError)[] | MalformedError;

export function compileFilters(
  wire: unknown,
  path: string,
  options: CompileOptions,
): CompiledFilters {
  if (!Array.isArray(wire)) return malformed(path, "expected an array", options);
  return wire.map((filter, i) => compileFilter(filter, `${path}[${i}]`, options));
}

function compileFilter(
  wire: unknown,
  path: string,
  options: CompileOptions,
): CompiledFilter | MalformedError {
  if (wire === null || wire === undefined) {
    return malformed(path, "expected an object, got nothing", options);
  }
  const { attribute, hashVersion, ranges, seed } = wire as Readonly<Record<string, unknown>>; // a scalar has no members
  return {
    attribute: safeText(attribute || "id"),
    hash: compileHash(seed, hashVersion || 2),
    ranges: Array.isArray(ranges)
      ? compileRanges(ranges, `${path}.ranges`, (at, problem) => malformed(at, problem, options))
      : malformed(`${path}.ranges`, "expected an array", options),
  };
}

/**
 * Returns the index of the filter that excludes the user, or -1 if all pass.
 *
 * @param owner - the experiment with the filters, or the key of the feature whose rule has them.
 */
export function firstUnpassed(
  filters: CompiledFilters,
  owner: NamedExperiment | string,
  context: EvaluationCall,
): number {
  if ("problem" in filters) throw filters;
  for (let i = 0; i < filters.length; i++) {
    const filter = filters[i] as CompiledFilter | MalformedError; // i < length
    if ("problem" in filter) throw filter;
    const value = truthyValueOf(context, filter.attribute);
    if (value === "") {
      context.onUnhashed?.(filter.attribute, owner, context);
      return i;
    }
    const n = bucketOf(filter.hash, value);
    if (n < 0) return i;
    if ("problem" in filter.ranges) throw filter.ranges;
    if (indexOfRange(filter.ranges, n) < 0) return i;
  }
  return -1;
}
