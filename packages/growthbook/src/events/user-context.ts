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

/** One user of a `GrowthBookClient`: the user to evaluate, and what the client remembers about it. */
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

/** Whether {@link trackingUser} would be equal to what it was. Overrides are not compared. */
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

/** The user as callbacks receive it. */
export function trackingUser(user: UserContext): TrackingUserContext {
  return { attributes: mergedAttributes(user), url: user.url };
}
