import type { VendorAny } from "@sortition/core/internal";
import type { FeatureFlagEvaluations } from "../flags/feature-flag-evaluations.js";
import type { FeatureFlagSnapshot } from "./flag-snapshot.js";

/** Properties of an event. Any JSON value. */
export type Properties = Record<string, VendorAny>;

/** How a person's flags are added to an event. */
export interface SendFeatureFlagsOptions {
  onlyEvaluateLocally?: boolean | undefined;
  personProperties?: Properties | undefined;
  groupProperties?: Record<string, Properties> | undefined;
  flagKeys?: string[] | undefined;
}

/** An event with the vendor's type. */
export interface VendorEventMessage {
  event: string;
  /** Default: the distinct id of the context. Without one, a random id is used, and the event belongs to no person. */
  distinctId?: string | undefined;
  properties?: Properties | undefined;
  /** Group keys by group type. */
  groups?: Record<string, string | number> | undefined;
  /** A snapshot whose flags become properties. Sends no request. */
  flags?: FeatureFlagEvaluations | undefined;
  /** @deprecated Pass a snapshot as `flags`. */
  sendFeatureFlags?: boolean | SendFeatureFlagsOptions | undefined;
  /** Default: now. */
  timestamp?: Date | undefined;
  /** Default: the client's option. */
  disableGeoip?: boolean | undefined;
  /** Deduplication id. A value that is not a UUID is replaced by a generated one. */
  uuid?: string | undefined;
  /** Used by the vendor's own code. Has no effect here. */
  _originatedFromCaptureException?: boolean | undefined;
}

/** An event to capture. Its time may be a string, and its flags may come from another client. */
export interface EventMessage extends Omit<VendorEventMessage, "flags" | "timestamp"> {
  /** Default: now. */
  timestamp?: Date | string | undefined;
  flags?: FeatureFlagSnapshot | undefined;
}

/** A person and their properties. */
export interface IdentifyMessage {
  distinctId: string;
  /** Properties to set, or `$set`, `$set_once` and `$anon_distinct_id`. */
  properties?: Properties | undefined;
  disableGeoip?: boolean | undefined;
}

/** Properties of a person to set. */
export interface SetPersonPropertiesMessage {
  distinctId: string;
  properties?: Properties | undefined;
  /** Set only if the person does not have the property yet. */
  propertiesOnce?: Properties | undefined;
}

/** Properties of a person to remove. */
export interface UnsetPersonPropertiesMessage {
  distinctId: string;
  properties: string | string[];
}

/** An additional identifier of a person. */
export interface AliasMessage {
  distinctId: string;
  alias: string;
  disableGeoip?: boolean | undefined;
}

/** A group and its properties. */
export interface GroupIdentifyMessage {
  groupType: string;
  groupKey: string;
  properties?: Properties | undefined;
  /** Default: built from type and key. */
  distinctId?: string | undefined;
  disableGeoip?: boolean | undefined;
}

/** Values that apply to all events of a context. */
export interface ContextData {
  distinctId?: string;
  sessionId?: string;
  properties?: Record<string, VendorAny>;
}

/** Options for creating a context. */
export interface ContextOptions {
  /** If `true`, nothing is inherited from the surrounding context. Default: `false`. */
  fresh?: boolean | undefined;
  /** When aborted, ends the context and all nested contexts that are not fresh. */
  signal?: AbortSignal | undefined;
}

/** An event as passed to `before_send`. It may be changed in place or replaced. */
export interface BeforeSendEvent extends EventMessage {
  distinctId: string;
  properties: Properties;
}

/** Called with each event before it is sent. Return `null` to drop the event. */
export type BeforeSendCallback = (event: BeforeSendEvent) => BeforeSendEvent | null | undefined;

/**
 * Same as {@link BeforeSendCallback}, with the vendor's type, in which members are optional although they are always
 * set.
 */
export type BeforeSend = (event: VendorEventMessage) => VendorEventMessage | null;
