import type { VendorAny } from "../dialect/vendor-any.js";
import type { StickyAssignmentsDocument } from "../dialect/wire.js";
import type { StickyAttributeKey } from "../model/sticky.js";
import type {
  Attributes,
  ExperimentViewedSubCallback,
  FeatureUsageCallback,
  FeatureUsageSubCallback,
  LogUnion,
  TrackingCallback,
  TrackingUserContext,
} from "./callbacks.js";

/** One user of a `GrowthBookClient`, and the client's memory of this user. */
export type UserContext = {
  enabled?: boolean | undefined;
  qaMode?: boolean | undefined;
  enableDevMode?: boolean | undefined;
  attributes?: Attributes | undefined;
  url?: string | undefined;
  blockedChangeIds?: string[] | undefined;
  stickyBucketAssignmentDocs?: Record<StickyAttributeKey, StickyAssignmentsDocument> | undefined;
  /** Stores a document that an evaluation changed. */
  saveStickyBucketAssignmentDoc?:
    | ((doc: StickyAssignmentsDocument) => Promise<unknown>)
    | undefined;
  forcedVariations?: Record<string, number> | undefined;
  forcedFeatureValues?: Map<string, VendorAny> | undefined;
  attributeOverrides?: Attributes | undefined;
  trackingCallback?: TrackingCallback | undefined;
  onFeatureUsage?: FeatureUsageCallback | undefined;
  /** Tracked exposures. Without this set, repeated exposures are tracked each time. */
  trackedExperiments?: Set<string> | undefined;
  /** Last value of each feature as JSON. Without it, each evaluation is reported as usage. */
  trackedFeatureUsage?: Record<string, string> | undefined;
  devLogs?: LogUnion[] | undefined;
  featureUsageSubs?: Set<FeatureUsageSubCallback> | undefined;
  experimentViewedSubs?: Set<ExperimentViewedSubCallback> | undefined;
};

/** Returns whether {@link trackingUser} would return an equal user. Users with overrides are never treated as equal. */
export function isSameUser(known: TrackingUserContext | null, user: UserContext): boolean {
  const { attributeOverrides, attributes, url } = user;
  if (known === null || attributeOverrides || known.url !== url) return false;
  const copied = known.attributes ?? {};
  let count = 0;
  for (const name in attributes) {
    if (!Object.hasOwn(copied, name) || copied[name] !== attributes[name]) return false;
    count += 1;
  }
  for (const _ in copied) count -= 1;
  return count === 0;
}

/** Returns the user as passed to callbacks. */
export function trackingUser(user: UserContext): TrackingUserContext {
  const { attributeOverrides, attributes, url } = user;
  return { attributes: { ...attributes, ...attributeOverrides }, url };
}
