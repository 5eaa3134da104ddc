import { firstUnmet } from "../../condition/compiled.js";
import { bucketOf } from "../../hash/hash.js";
import { getQueryStringOverride } from "../../url/query-override.js";
import { isURLTargeted } from "../../url/targeting.js";
import { truthyValueOf } from "../attributes.js";
import type { EvaluationCall } from "../evaluation-call.js";
import type { CompiledExperiment } from "./experiment.js";
import { firstUnpassed } from "./filter.js";
import { checkParents } from "./parents.js";
import { type CompiledRanges, indexOfRange } from "./ranges.js";
import { stickyVariation } from "./sticky.js";

/** Index for "not in the experiment". */
const OUT = -1;

/** The vendor logs no reason for a prerequisite cycle. */
const NO_REASON = "";

/** Excludes the user, for a reason in the vendor's words. */
function excluded(reason: string, { key }: CompiledExperiment, context: EvaluationCall): number {
  if (reason !== NO_REASON) context.observer?.log?.(reason, { id: key });
  return clearHashState(context, OUT);
}

function clearHashState(context: EvaluationCall, variation: number): number {
  context.hashUsed = false;
  context.isSticky = false;
  context.isBlocked = false;
  return variation;
}

/**
 * Chooses the variation of an experiment, and sets the members of the context that describe the last experiment.
 *
 * Rare cases are separate functions, because V8 inlines only small ones.
 *
 * @returns the index of the variation, or -1 if the user is not in the experiment. A caller can force an index for which the
 *   experiment has no variation.
 */
export function chooseVariation(
  experiment: CompiledExperiment,
  ranges: CompiledRanges | Error,
  context: EvaluationCall,
): number {
  if (experiment.count < 2) return excluded("Invalid experiment", experiment, context);
  if (!context.isEnabled) return excluded("Context disabled", experiment, context);
  if (!experiment.isOrdinary && !isUrlTargeted(experiment, context)) {
    return excluded("Skip because of url targeting", experiment, context);
  }
  if (
    context.url !== "" ||
    context.forcedVariations !== null ||
    context.globalForcedVariations !== null
  ) {
    const forcing = forcingOf(experiment, context);
    if (forcing !== null) return forced(forcing, experiment, context);
  }
  if (!experiment.isOrdinary && experiment.rare.isOff) {
    return excluded("Skip because inactive", experiment, context);
  }
  return chooseByHash(experiment, ranges, context);
}

function isUrlTargeted({ rare }: CompiledExperiment, { url }: EvaluationCall): boolean {
  const { urlPatterns, urlTestOf } = rare;
  return urlPatterns === null || isURLTargeted(url, urlPatterns, urlTestOf);
}

/** A variation that the caller forces. */
interface Forcing {
  /** Logged, in the vendor's words. */
  readonly reason: string;
  /** Any value. It is compared with the number of variations. */
  readonly variation: unknown;
}

/** Returns the variation that the caller forces by the URL, or else by name. */
function forcingOf(
  { count, key }: CompiledExperiment,
  { forcedVariations: own, globalForcedVariations: global, url }: EvaluationCall,
): Forcing | null {
  const override = url === "" ? null : getQueryStringOverride(key, url, count);
  if (override !== null) return { reason: "Force via querystring", variation: override };
  const name = `${key}`;
  const from = own !== null && Object.hasOwn(own, name) ? own : global;
  if (from === null || !Object.hasOwn(from, name)) return null;
  return { reason: "Force via dev tools", variation: from[name] };
}

function forced(
  { reason, variation }: Forcing,
  { key }: CompiledExperiment,
  context: EvaluationCall,
): number {
  context.observer?.log?.(reason, { id: key, variation });
  return clearHashState(context, variation as number);
}

function chooseByHash(
  experiment: CompiledExperiment,
  ranges: CompiledRanges | Error,
  context: EvaluationCall,
): number {
  const { sticky } = context;
  let attribute = experiment.hashAttribute;
  let value = truthyValueOf(context, attribute);
  if (value === "" && sticky !== null && experiment.sticky.fallbackAttribute !== null) {
    attribute = experiment.sticky.fallbackAttribute;
    value = truthyValueOf(context, attribute);
  }
  if (value === "") {
    context.onUnhashed?.(experiment.hashAttribute, experiment, context);
    return excluded("Skip because missing hashAttribute", experiment, context);
  }
  let assigned = OUT;
  let isBlocked = false;
  if (sticky !== null && experiment.usesSticky) {
    assigned = stickyVariation(experiment, sticky, context);
    isBlocked = context.isBlocked;
  }
  const isSticky = assigned >= 0;
  if (!isSticky && !experiment.isOpen) {
    const obstacle = obstacleTo(experiment, value, context);
    if (obstacle !== null) return excluded(obstacle, experiment, context);
  }
  if (!experiment.isOrdinary && !isUrlMatch(experiment, context)) {
    return excluded("Skip because of url", experiment, context);
  }
  const n = bucketOf(experiment.hash, value);
  if (n < 0) return excluded("Skip because of invalid hash version", experiment, context);
  if (!isSticky) {
    context.scope?.placed?.();
    if ("message" in ranges) throw ranges;
    assigned = indexOfRange(ranges, n);
    context.observer?.tested?.(experiment, "bucket", n, context);
  }
  if (isBlocked) return outByVersion(experiment, context);
  if (assigned < 0) return excluded("Skip because of coverage", experiment, context);
  if (!experiment.isOrdinary && experiment.rare.hasForce)
    return forcedByItself(experiment, context);
  if (context.isQaMode) return excluded("Skip because QA mode", experiment, context);
  if (!experiment.isOrdinary && experiment.rare.isStopped) {
    return excluded("Skip because stopped", experiment, context);
  }
  context.hashUsed = true;
  context.isSticky = isSticky;
  context.isBlocked = false;
  context.bucket = n;
  context.hashAttribute = attribute;
  context.hashValue = value;
  return assigned;
}

function forcedByItself(experiment: CompiledExperiment, context: EvaluationCall): number {
  const { force } = experiment.rare;
  forced({ reason: "Force variation", variation: force }, experiment, context);
  return force === undefined ? OUT : force;
}

function outByVersion(experiment: CompiledExperiment, context: EvaluationCall): number {
  const reason = "Skip because sticky bucket version is blocked";
  const out = excluded(reason, experiment, context);
  context.isBlocked = true;
  return out;
}

/** Returns what excludes a user without a sticky bucket, in the vendor's words, or `null`. */
function obstacleTo(
  experiment: CompiledExperiment,
  value: unknown,
  context: EvaluationCall,
): string | null {
  const { condition, filters, namespace, parents } = experiment;
  const { groups, include } = experiment.rare;
  const { observer } = context;
  if (filters !== null) {
    const unpassed = firstUnpassed(filters, experiment, context);
    observer?.tested?.(experiment, "filters", unpassed, context);
    if (unpassed >= 0) return "Skip because of filters";
  } else if (namespace !== null) {
    const n = bucketOf(namespace.hash, value);
    observer?.tested?.(experiment, "namespace", n, context);
    if (!(n >= namespace.start && n < namespace.end)) return "Skip because of namespace";
  }
  if (include !== null && !isIncluded(include)) return "Skip because of include function";
  if (condition !== null) {
    const unmet = firstUnmet(condition, context, context);
    observer?.tested?.(experiment, "condition", unmet, context);
    if (unmet >= 0) return "Skip because of condition exp";
  }
  if (parents !== null) {
    const outcome = checkParents(parents, experiment, context);
    if (outcome === "cyclic") return NO_REASON;
    if (outcome !== "passed") return "Skip because prerequisite evaluation fails";
  }
  if (groups !== null && !hasGroup(groups, context)) return "Skip because of groups";
  return null;
}

function isIncluded(include: () => boolean): boolean {
  try {
    return include();
  } catch {
    return false;
  }
}

function hasGroup(wanted: readonly string[], { groups }: EvaluationCall): boolean {
  if (groups === null) return false;
  for (let i = 0; i < wanted.length; i++) {
    const name = wanted[i] as string; // i < length
    if (Object.hasOwn(groups, name) && groups[name]) return true;
  }
  return false;
}

/** Tests both the whole URL and its path. */
function isUrlMatch({ rare }: CompiledExperiment, { url }: EvaluationCall): boolean {
  const { url: pattern } = rare;
  if (pattern === null) return true;
  if (url === "") return false;
  const path = url.replace(/^https?:\/\//, "").replace(/^[^/]*\//, "/");
  return pattern.test(url) || pattern.test(path);
}
