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

/** One user of a `GrowthBookClient`: who is evaluated, and what is remembered about it. */
export type UserContext = {
  enabled?: boolean | undefined;
  qaMode?: boolean | undefined;
  enableDevMode?: boolean | undefined;
  attributes?: Attributes | undefined;
  url?: string | undefined;
  blockedChangeIds?: string[] | undefined;
  stickyBucketAssignmentDocs?: Record<StickyAttributeKey, StickyAssignmentsDocument> | undefined;
  /** Stores a document that an evaluation has changed. */
  saveStickyBucketAssignmentDoc?:
    | ((doc: StickyAssignmentsDocument) => Promise<unknown>)
    | undefined;
  forcedVariations?: Record<string, number> | undefined;
  forcedFeatureValues?: Map<string, VendorAny> | undefined;
  attributeOverrides?: Attributes | undefined;
  trackingCallback?: TrackingCallback | undefined;
  onFeatureUsage?: FeatureUsageCallback | undefined;
  /** Exposures that were tracked. Without it, none is held back as a repetition. */
  trackedExperiments?: Set<string> | undefined;
  /** JSON of each feature's last value. Without it, each evaluation counts as usage. */
  trackedFeatureUsage?: Record<string, string> | undefined;
  devLogs?: LogUnion[] | undefined;
  featureUsageSubs?: Set<FeatureUsageSubCallback> | undefined;
  experimentViewedSubs?: Set<ExperimentViewedSubCallback> | undefined;
};

/** Attributes with the overrides on top. */
function mergedAttributes(user: UserContext): Attributes {
  return { ...user.attributes, ...user.attributeOverrides };
}

/** What a callback is told about the user. */
export function trackingUser(user: UserContext): TrackingUserContext {
  return { attributes: mergedAttributes(user), url: user.url };
}
