import type { FeatureFlagSnapshot } from "./flag-snapshot.js";

/** Properties of an event: anything that JSON can express. */
export type Properties = Readonly<Record<string, unknown>>;

/** How flags of a person are added to an event. */
export interface SendFeatureFlagsOptions {
  readonly onlyEvaluateLocally?: boolean | undefined;
  readonly personProperties?: Properties | undefined;
  readonly groupProperties?: Readonly<Record<string, Properties>> | undefined;
  readonly flagKeys?: readonly string[] | undefined;
}

/** An event to capture. */
export interface EventMessage {
  readonly event: string;
  /** Default: that of the context; without one a random one, and the event belongs to no person. */
  readonly distinctId?: string | undefined;
  readonly properties?: Properties | undefined;
  /** Group types with the key of the group. */
  readonly groups?: Readonly<Record<string, string | number>> | undefined;
  /** A snapshot whose flags become properties. No request is made. */
  readonly flags?: FeatureFlagSnapshot | undefined;
  /** @deprecated give a snapshot as `flags`. */
  readonly sendFeatureFlags?: boolean | SendFeatureFlagsOptions | undefined;
  /** Default: now. */
  readonly timestamp?: Date | string | undefined;
  /** Default: that of the client. */
  readonly disableGeoip?: boolean | undefined;
  /** By which the server recognises an event that it gets twice. One that is none is replaced. */
  readonly uuid?: string | undefined;
}

/** A person and their properties. */
export interface IdentifyMessage {
  readonly distinctId: string;
  /** Properties to set; or `$set`, `$set_once` and `$anon_distinct_id`. */
  readonly properties?: Properties | undefined;
  readonly disableGeoip?: boolean | undefined;
}

/** Properties of a person to set. */
export interface SetPersonPropertiesMessage {
  readonly distinctId: string;
  readonly properties?: Properties | undefined;
  /** Set where the person has none of that name. */
  readonly propertiesOnce?: Properties | undefined;
}

/** Properties of a person to remove. */
export interface UnsetPersonPropertiesMessage {
  readonly distinctId: string;
  readonly properties: string | readonly string[];
}

/** Another name of a person. */
export interface AliasMessage {
  readonly distinctId: string;
  readonly alias: string;
  readonly disableGeoip?: boolean | undefined;
}

/** A group and its properties. */
export interface GroupIdentifyMessage {
  readonly groupType: string;
  readonly groupKey: string;
  readonly properties?: Properties | undefined;
  /** Default: made of type and key. */
  readonly distinctId?: string | undefined;
  readonly disableGeoip?: boolean | undefined;
}

/** What applies to all events of a context. */
export interface ContextData {
  distinctId?: string;
  sessionId?: string;
  properties?: Record<string, unknown>;
}

/** How a context is made. */
export interface ContextOptions {
  /** Takes nothing from the context around it. Default: false. */
  readonly fresh?: boolean | undefined;
  /** Ends the context, and those within it that are not fresh, when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** An event as `before_send` gets it. It may be changed in place, or replaced. */
export interface BeforeSendEvent {
  event: string;
  distinctId: string;
  properties: Record<string, unknown>;
  groups?: Readonly<Record<string, string | number>> | undefined;
  /** As the caller gave it. Changing it has no effect. */
  flags?: FeatureFlagSnapshot | undefined;
  /** As the caller gave it. Changing it has no effect. */
  sendFeatureFlags?: boolean | SendFeatureFlagsOptions | undefined;
  timestamp?: Date | string | undefined;
  disableGeoip?: boolean | undefined;
  uuid?: string | undefined;
}

/** Looks at an event before it is sent. `null` drops it. */
export type BeforeSend = (event: BeforeSendEvent) => BeforeSendEvent | null | undefined;
