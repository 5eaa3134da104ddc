import type { GrowthBook } from "../client/growthbook.js";
import type { Plugin } from "../client/instance-options.js";
import type { UserScopedGrowthBook } from "../client/user-scoped.js";
import type { TrackingUserContext } from "../events/callbacks.js";

/** Prefix of an experiment's tag, `gb.exp:<experiment>=<variation key>`. */
export const TRACING_TAG_EXPERIMENT_PREFIX = "gb.exp";

/** An exposure and its trace tag. */
export type TracingAssignment = {
  experimentKey: string;
  variationKey: string;
  hashAttribute: string;
  hashValue: string;
  tag: string;
};

/** Options of {@link tracingPlugin}. */
export type TracingPluginOptions = {
  /** Called once per experiment and variation, e.g. to add the tag to the current span. */
  onAssignment?: ((assignment: TracingAssignment, user: TrackingUserContext) => void) | undefined;
};

/** The latest tag of each experiment. */
const tagsByInstance = new WeakMap<object, Map<string, string>>();

/**
 * Keeps a tag for each experiment of the user. The plugin has no effect on a multi-user client, which has no single
 * user.
 */
export function tracingPlugin(options: TracingPluginOptions = {}): Plugin {
  return (gb) => {
    if ("createScopedInstance" in gb) return;
    const tags = new Map<string, string>();
    tagsByInstance.set(gb, tags);
    const unsubscribe = gb._subscribeExperimentViewed((experiment, result, user) => {
      const { key: experimentKey } = experiment;
      const { key: variationKey, hashAttribute, hashValue } = result;
      // Such a tag would be ambiguous, because tags are split at the first "=".
      if (experimentKey.includes("=")) return;
      const tag = `${TRACING_TAG_EXPERIMENT_PREFIX}:${experimentKey}=${variationKey}`;
      tags.set(experimentKey, tag);
      options.onAssignment?.({ experimentKey, variationKey, hashAttribute, hashValue, tag }, user);
    });
    if (!("onDestroy" in gb)) return;
    gb.onDestroy(() => {
      unsubscribe();
      tagsByInstance.delete(gb);
    });
  };
}

/** Returns the current tags of an instance, sorted. */
export function getTracingTags(gb: GrowthBook | UserScopedGrowthBook): string[] {
  return [...(tagsByInstance.get(gb)?.values() ?? [])].sort();
}
