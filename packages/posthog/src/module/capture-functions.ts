import type { FeatureFlagSnapshot } from "../events/flag-snapshot.js";
import type { Properties, SendFeatureFlagsOptions } from "../events/messages.js";
import { isFirstCapture } from "./captured-errors.js";
import { type Given, given } from "./given.js";
import { moduleContexts, reportMistake, withClient } from "./global-client.js";

/** Options of {@link capture}. */
export interface CaptureOptions {
  /** Default: the distinct id of the context. Without one, the event belongs to no person. */
  readonly distinctId?: string | undefined;
  readonly properties?: Properties | undefined;
  /** Default: now. */
  readonly timestamp?: Date | string | undefined;
  /** A value that is not a UUID is replaced by a generated one. */
  readonly uuid?: string | undefined;
  readonly groups?: Readonly<Record<string, string | number>> | undefined;
  /** A snapshot whose flags become properties. Sends no request. */
  readonly flags?: FeatureFlagSnapshot | undefined;
  /** @deprecated Pass a snapshot as `flags`. */
  readonly sendFeatureFlags?: boolean | SendFeatureFlagsOptions | undefined;
  readonly disableGeoip?: boolean | undefined;
}

/** Options of {@link set} and {@link setOnce}. */
export interface SetOptions {
  /** Default: the distinct id of the context. Without one, nothing is sent. */
  readonly distinctId?: string | undefined;
  readonly properties?: Properties | undefined;
  readonly timestamp?: Date | string | undefined;
  readonly uuid?: string | undefined;
  readonly disableGeoip?: boolean | undefined;
}

/** Options of {@link groupIdentify}. */
export interface GroupIdentifyOptions extends SetOptions {}

/** Options of {@link alias}. */
export type AliasOptions = Pick<SetOptions, "timestamp" | "uuid" | "disableGeoip">;

/**
 * Captures an event. Never throws.
 *
 * @returns its identifier, or `undefined` if it is dropped.
 */
export function capture(event: string, options: Given<CaptureOptions> = {}): string | undefined {
  if (typeof event !== "string" || typeof options !== "object") {
    reportMistake("capture expects the name of an event, then an object with options");
    return undefined;
  }
  const own = given(options);
  const tags = moduleContexts().current()?.tags() ?? {};
  const names = Object.keys(tags);
  const properties = names.length === 0 ? {} : { $context_tags: names };
  return withClient((client) =>
    client.captureNow({
      ...own,
      event,
      properties: { ...properties, ...own.properties },
    }),
  );
}

/**
 * Sets properties of a person, including the tags of the context. Never throws.
 *
 * @returns the same as {@link capture}.
 */
export function set(options: Given<SetOptions>): string | undefined {
  return setPerson("$set", options);
}

/**
 * Sets properties that a person does not have yet. Never throws.
 *
 * @returns the same as {@link capture}.
 */
export function setOnce(options: Given<SetOptions>): string | undefined {
  return setPerson("$set_once", options);
}

function setPerson(event: "$set" | "$set_once", options: Given<SetOptions>): string | undefined {
  const scope = moduleContexts().current();
  const { properties, distinctId = scope?.read("distinctId"), ...rest } = given(options);
  const values = { ...scope?.tags(), ...properties };
  if (!distinctId || Object.keys(values).length === 0) return undefined;
  const message = { ...rest, distinctId, event, properties: sessionProperties() };
  return withClient((client) => client.captureNow(message, { [event]: values }));
}

/**
 * Sets properties of a group. Never throws.
 *
 * @returns the same as {@link capture}.
 */
export function groupIdentify(
  groupType: string,
  groupKey: string,
  options: Given<GroupIdentifyOptions> = {},
): string | undefined {
  if (!groupType || !groupKey) {
    reportMistake("groupIdentify expects the type and the key of a group");
    return undefined;
  }
  const { properties = {}, ...rest } = given(options);
  return withClient((client) =>
    client.captureNow(
      {
        ...rest,
        event: "$groupidentify",
        properties: {
          $group_type: groupType,
          $group_key: groupKey,
          $group_set: properties,
          ...sessionProperties(),
        },
      },
      {},
      { isPersonful: true },
    ),
  );
}

/**
 * Links another identifier to the same person. Never throws.
 *
 * @param previousId - the identifier used so far.
 * @param distinctId - the identifier to use from now on.
 * @returns the same as {@link capture}.
 */
export function alias(
  previousId: string,
  distinctId: string,
  options: Given<AliasOptions> = {},
): string | undefined {
  if (!previousId || !distinctId) {
    reportMistake("alias expects two identifiers");
    return undefined;
  }
  const properties = { distinct_id: previousId, alias: distinctId, ...sessionProperties() };
  const message = { ...given(options), distinctId: previousId, event: "$create_alias", properties };
  return withClient((client) => client.captureNow(message, {}));
}

/**
 * Captures any thrown value, but an error object only once. Never throws.
 *
 * @returns the identifier of the event, or `undefined` if the error was captured before.
 */
export function captureException(
  error?: unknown,
  options: Given<CaptureOptions> = {},
): string | undefined {
  if (error === undefined) {
    reportMistake("captureException expects what was thrown");
    return undefined;
  }
  if (!isFirstCapture(error)) return undefined;
  return withClient((client) =>
    client.captureExceptionNow(error, given(options), captureException),
  );
}

/** The properties that alias and group events inherit from the context. */
function sessionProperties(): Properties {
  const sessionId = moduleContexts().current()?.read("sessionId");
  return sessionId === undefined ? {} : { $session_id: sessionId };
}
