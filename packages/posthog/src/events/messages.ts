import type { VendorAny } from "@sortition/core/internal";
import type { FeatureFlagEvaluations } from "../flags/feature-flag-evaluations.js";
import type { FeatureFlagSnapshot } from "./flag-snapshot.js";

/** Properties of an event: anything that JSON can express. */
export type Properties = Record<string, VendorAny>;

/** How flags of a person are added to an event. */
export interface SendFeatureFlagsOptions {
  onlyEvaluateLocally?: boolean | undefined;
  personProperties?: Properties | undefined;
  groupProperties?: Record<string, Properties> | undefined;
  flagKeys?: string[] | undefined;
}

/** An event, as the vendor's type has it. */
export interface VendorEventMessage {
  event: string;
  /** Default: that of the context; without one a random one, and the event belongs to no person. */
  distinctId?: string | undefined;
  properties?: Properties | undefined;
  /** Group types with the key of the group. */
  groups?: Record<string, string | number> | undefined;
  /** A snapshot whose flags become properties. No request is made. */
  flags?: FeatureFlagEvaluations | undefined;
  /** @deprecated give a snapshot as `flags`. */
  sendFeatureFlags?: boolean | SendFeatureFlagsOptions | undefined;
  /** Default: now. */
  timestamp?: Date | undefined;
  /** Default: that of the client. */
  disableGeoip?: boolean | undefined;
  /** Deduplication id. A value that is not a UUID is replaced by a generated one. */
  uuid?: string | undefined;
  /** Of the vendor's own code; without effect. */
  _originatedFromCaptureException?: boolean | undefined;
}

/** An event to capture. Its time may be a string, and another client may have made its flags. */
export interface EventMessage extends Omit<VendorEventMessage, "flags" | "timestamp"> {
  /** Default: now. */
  timestamp?: Date | string | undefined;
  flags?: FeatureFlagSnapshot | undefined;
}

/** A person and their properties. */
export interface IdentifyMessage {
  distinctId: string;
  /** Properties to set; or `$set`, `$set_once` and `$anon_distinct_id`. */
  properties?: Properties | undefined;
  disableGeoip?: boolean | undefined;
}

/** Properties of a person to set. */
export interface SetPersonPropertiesMessage {
  distinctId: string;
  properties?: Properties | undefined;
  /** Set only if the person has no property of that name. */
  propertiesOnce?: Properties | undefined;
}

/** Properties of a person to remove. */
export interface UnsetPersonPropertiesMessage {
  distinctId: string;
  properties: string | string[];
}

/** Another name of a person. */
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
  /** Default: made of type and key. */
  distinctId?: string | undefined;
  disableGeoip?: boolean | undefined;
}

/** What applies to all events of a context. */
export interface ContextData {
  distinctId?: string;
  sessionId?: string;
  properties?: Record<string, VendorAny>;
}

/** How a context is made. */
export interface ContextOptions {
  /** Takes nothing from the context around it. Default: false. */
  fresh?: boolean | undefined;
  /** Ends the context, and those within it that are not fresh, when it is aborted. */
  signal?: AbortSignal | undefined;
}

/** An event as `before_send` gets it. It may be changed in place, or replaced. */
export interface BeforeSendEvent extends EventMessage {
  distinctId: string;
  properties: Properties;
}

/** Looks at an event before it is sent. `null` drops it. */
export type BeforeSendCallback = (event: BeforeSendEvent) => BeforeSendEvent | null | undefined;

/** The same as the vendor declares it, which leaves out what is always there. */
export type BeforeSend = (event: VendorEventMessage) => VendorEventMessage | null;
