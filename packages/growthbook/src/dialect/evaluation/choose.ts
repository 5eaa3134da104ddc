import { firstUnmet } from "../condition/compiled.js";
import { bucketOf } from "../hash.js";
import { getQueryStringOverride } from "../url/query-override.js";
import { isURLTargeted } from "../url/targeting.js";
import { truthyValueOf } from "./attributes.js";
import type { EvaluationContext } from "./context.js";
import type { CompiledExperiment } from "./experiment.js";
import { firstUnpassed } from "./filter.js";
import { checkParents } from "./parents.js";
import { type CompiledRanges, indexOfRange } from "./ranges.js";
import { stickyVariation } from "./sticky.js";

/** No variation. */
const OUT = -1;

function outOf(context: EvaluationContext): number {
  context.hashUsed = false;
  context.isSticky = false;
  context.isBlocked = false;
  return OUT;
}

/**
 * Chooses the variation of an experiment. Sets what the context says of the experiment that ran last.
 *
 * @returns its index as forced or found, which need not exist; -1: the user is out.
 * @see docs/spec/growthbook.md, "Running an experiment"
 */
export function chooseVariation(
  experiment: CompiledExperiment,
  ranges: CompiledRanges | Error,
  context: EvaluationContext,
): number {
  const { key } = experiment;
  const { observer } = context;
  if (experiment.count < 2) {
    observer?.log?.("Invalid experiment", { id: key });
    return outOf(context);
  }
  if (!context.isEnabled) {
    observer?.log?.("Context disabled", { id: key });
    return outOf(context);
  }
  if (
    !experiment.isOrdinary &&
    experiment.urlPatterns !== null &&
    !isURLTargeted(context.url, experiment.urlPatterns)
  ) {
    observer?.log?.("Skip because of url targeting", { id: key });
    return outOf(context);
  }
  if (context.url !== "") {
    const variation = getQueryStringOverride(key, context.url, experiment.count);
    if (variation !== null) {
      observer?.log?.("Force via querystring", { id: key, variation });
      return forced(variation, context);
    }
  }
  if (context.forcedVariations !== null || context.globalForcedVariations !== null) {
    const name = `${key}`;
    const from = ownerOf(name, context);
    if (from !== null) {
      const variation = from[name];
      observer?.log?.("Force via dev tools", { id: key, variation });
      return forced(variation, context);
    }
  }
  if (!experiment.isOrdinary && experiment.isOff) {
    observer?.log?.("Skip because inactive", { id: key });
    return outOf(context);
  }
  return chooseByHash(experiment, ranges, context);
}

function ownerOf(
  name: string,
  { forcedVariations: own, globalForcedVariations: global }: EvaluationContext,
): Readonly<Record<string, unknown>> | null {
  if (own !== null && Object.hasOwn(own, name)) return own;
  return global !== null && Object.hasOwn(global, name) ? global : null;
}

function forced(variation: unknown, context: EvaluationContext): number {
  outOf(context);
  return variation as number; // may be anything: it is compared with the number of variations
}

function chooseByHash(
  experiment: CompiledExperiment,
  ranges: CompiledRanges | Error,
  context: EvaluationContext,
): number {
  const { key } = experiment;
  const { observer, sticky } = context;
  let attribute = experiment.hashAttribute;
  let value = truthyValueOf(context, attribute);
  if (value === "" && sticky !== null && experiment.fallbackAttribute !== null) {
    value = truthyValueOf(context, experiment.fallbackAttribute);
    if (value !== "") attribute = experiment.fallbackAttribute;
  }
  if (value === "") {
    observer?.log?.("Skip because missing hashAttribute", { id: key });
    return outOf(context);
  }
  let assigned = OUT;
  let isBlocked = false;
  if (sticky !== null && experiment.usesSticky) {
    context.isBlocked = false;
    assigned = stickyVariation(experiment, sticky, context);
    isBlocked = context.isBlocked;
  }
  const isSticky = assigned >= 0;
  if (!isSticky && !experiment.isOpen) {
    const obstacle = obstacleTo(experiment, value, context);
    if (obstacle !== null) {
      observer?.log?.(obstacle, { id: key });
      return outOf(context);
    }
  }
  if (
    !experiment.isOrdinary &&
    experiment.url !== null &&
    !isUrlMatch(experiment.url, context.url)
  ) {
    observer?.log?.("Skip because of url", { id: key });
    return outOf(context);
  }
  const n = bucketOf(experiment.hash, value);
  if (n < 0) {
    observer?.log?.("Skip because of invalid hash version", { id: key });
    return outOf(context);
  }
  if (!isSticky) {
    if (ranges instanceof Error) throw ranges;
    assigned = indexOfRange(ranges, n);
    observer?.tested?.(experiment, "bucket", n, context);
  }
  context.hashUsed = false;
  context.isSticky = false;
  context.isBlocked = isBlocked;
  if (isBlocked) {
    observer?.log?.("Skip because sticky bucket version is blocked", { id: key });
    return OUT;
  }
  if (assigned < 0) {
    observer?.log?.("Skip because of coverage", { id: key });
    return OUT;
  }
  if (!experiment.isOrdinary && experiment.hasForce) {
    const { force } = experiment;
    observer?.log?.("Force variation", { id: key, variation: force });
    return force === undefined ? OUT : force;
  }
  if (context.isQaMode) {
    observer?.log?.("Skip because QA mode", { id: key });
    return OUT;
  }
  if (!experiment.isOrdinary && experiment.isStopped) {
    observer?.log?.("Skip because stopped", { id: key });
    return OUT;
  }
  context.hashUsed = true;
  context.isSticky = isSticky;
  context.bucket = n;
  context.hashAttribute = attribute;
  context.hashValue = value;
  return assigned;
}

/** What keeps a user out who has no sticky bucket, in the vendor's words; `null`: nothing. */
function obstacleTo(
  experiment: CompiledExperiment,
  value: unknown,
  context: EvaluationContext,
): string | null {
  const { condition, filters, groups, include, namespace, parents } = experiment;
  const { observer } = context;
  if (filters !== null) {
    const unpassed = firstUnpassed(filters, context);
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
  if (parents !== null && checkParents(parents, experiment, context) !== "passed") {
    return "Skip because prerequisite evaluation fails";
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

function hasGroup(wanted: readonly string[], { groups }: EvaluationContext): boolean {
  if (groups === null) return false;
  for (let i = 0; i < wanted.length; i++) {
    const name = wanted[i] as string; // i < length
    if (Object.hasOwn(groups, name) && groups[name]) return true;
  }
  return false;
}

/** Tests the whole URL, and its path. */
function isUrlMatch(pattern: RegExp, url: string): boolean {
  if (url === "") return false;
  const path = url.replace(/^https?:\/\//, "").replace(/^[^/]*\//, "/");
  return pattern.test(url) || pattern.test(path);
}
