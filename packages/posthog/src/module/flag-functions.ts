import { PostHog } from "../client/posthog.js";
import { currentScope } from "../context/scopes.js";
import type { AllFlagsOptions, BaseFlagEvaluationOptions } from "../flags/evaluation-options.js";
import type { FeatureFlagEvaluations } from "../flags/feature-flag-evaluations.js";
import type { FeatureFlagResult as ClassResult } from "../flags/flag-results.js";
import type { FlagsAndPayloads } from "../flags/flags.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";
import { type Given, given } from "./given.js";
import { reportMistake, withClient, withClientLater } from "./global-client.js";
import { settings } from "./settings.js";

/** Options of all functions that evaluate flags. */
export interface FlagOptions extends BaseFlagEvaluationOptions {
  /** Whether `$feature_flag_called` is sent. Default: true. */
  readonly sendFeatureFlagEvents?: boolean | undefined;
  /** Default: the property `$device_id`, else the device of the context. */
  readonly deviceId?: string | undefined;
}

/** Options of functions that evaluate several flags. They send no events. */
export interface AllFlagOptions extends Omit<FlagOptions, "sendFeatureFlagEvents"> {
  /** Default: all flags. */
  readonly flagKeysToEvaluate?: string[] | undefined;
  /** Another name of it. */
  readonly flagKeys?: string[] | undefined;
}

/** Options of {@link getFeatureFlagPayload}. */
export interface PayloadOptions extends FlagOptions {
  /** The value whose payload is wanted, instead of the evaluated one. */
  readonly matchValue?: FeatureFlagValue | undefined;
}

/** A flag of one person. */
export interface FeatureFlagResult extends Omit<ClassResult, "reasonCode"> {
  /** The variant, else whether the flag is on. */
  getValue(): FeatureFlagValue;
}

/** Whether a flag is on; `undefined`: it has no value. Never rejects. */
export function featureEnabled(
  key: string,
  distinctId: string,
  options: Given<FlagOptions> = {},
): Promise<boolean | undefined> {
  const work = (it: PostHog) => it.isFeatureEnabled(key, distinctId, withDevice(given(options)));
  return withClientLater(work);
}

/** `false`, `true` or the key of a variant; `undefined`: the flag has no value. Never rejects. */
export function getFeatureFlag(
  key: string,
  distinctId: string,
  options: Given<FlagOptions> = {},
): Promise<FeatureFlagValue | undefined> {
  const work = (it: PostHog) => it.getFeatureFlag(key, distinctId, withDevice(given(options)));
  return withClientLater(work);
}

/** Value and payload of a flag; `undefined`: it has no value. Never rejects. */
export function getFeatureFlagResult(
  key: string,
  distinctId: string,
  options: Given<FlagOptions> = {},
): Promise<FeatureFlagResult | undefined> {
  return withClientLater(async (it) => {
    const result = await it.getFeatureFlagResult(key, distinctId, withDevice(given(options)));
    if (result === undefined) return undefined;
    const { enabled, payload, reason, variant } = result;
    return { key, enabled, variant, payload, reason, getValue: () => variant ?? enabled };
  });
}

/**
 * The payload of a flag; `null`: it has none; `undefined`: it has no value. Never rejects.
 *
 * @deprecated use `evaluateFlags`.
 */
export function getFeatureFlagPayload(
  key: string,
  distinctId: string,
  options: Given<PayloadOptions> = {},
): Promise<JsonType | undefined> {
  return withClientLater(async (it) => {
    const { matchValue, ...rest } = given(options);
    const all = withDevice(rest);
    const { sendFeatureFlagEvents = true } = rest;
    if (sendFeatureFlagEvents) {
      const result = await it.getFeatureFlagResult(key, distinctId, all);
      if (matchValue === undefined) return result && (result.payload ?? null);
    }
    return it.getFeatureFlagPayload(key, distinctId, matchValue, all);
  });
}

/** Values of all flags that have one. Never rejects. */
export async function getAllFlags(
  distinctId: string,
  options: Given<AllFlagOptions> = {},
): Promise<Record<string, FeatureFlagValue>> {
  return (await getAllFlagsAndPayloads(distinctId, options)).featureFlags;
}

/** {@link getAllFlags} with payloads. Never rejects. */
export function getAllFlagsAndPayloads(
  distinctId: string,
  options: Given<AllFlagOptions> = {},
): Promise<FlagsAndPayloads> {
  return withClientLater((it) => it.getAllFlagsAndPayloads(distinctId, severalOf(given(options))), {
    featureFlags: {},
    featureFlagPayloads: {},
  });
}

/**
 * Evaluates flags once; reads of the snapshot send `$feature_flag_called`.
 *
 * @param distinctId - default: that of the context; without one the snapshot is empty.
 */
export function evaluateFlags(
  distinctId?: string | null,
  options: Given<AllFlagOptions> = {},
): Promise<FeatureFlagEvaluations> {
  const several = severalOf(given(options));
  const work = (it: PostHog) =>
    distinctId ? it.evaluateFlags(distinctId, several) : it.evaluateFlags(several);
  return withClientLater<FeatureFlagEvaluations | null>(work, null).then(
    (snapshot) => snapshot ?? work(new PostHog("none", { disabled: true })),
  );
}

/** The payload of a remote config flag; `undefined` without a secret key, and if the request fails. Never rejects. */
export function getRemoteConfigPayload(key: string): Promise<JsonType | undefined> {
  return withClientLater(async (it) => {
    if (hasKey("getRemoteConfigPayload")) return it.getRemoteConfigPayload(key);
    return undefined;
  });
}

/** The definitions in use, frozen; `null` before they were loaded. */
export function featureFlagDefinitions(): readonly unknown[] | null {
  return withClient((it) => {
    const definitions = it.flagDefinitions();
    return definitions === null ? null : Object.freeze([...definitions]);
  }, null);
}

/** Loads the definitions now, and polls for them from now on. Never rejects. */
export function loadFeatureFlags(): Promise<void> {
  return withClientLater(async (it) => {
    if (hasKey("loadFeatureFlags")) await it.reloadFeatureFlags();
  });
}

function hasKey(caller: string): boolean {
  const { defaultClient, personalApiKey } = settings;
  const options = defaultClient?.options;
  if (personalApiKey ?? options?.secretKey ?? options?.personalApiKey) return true;
  reportMistake(`${caller} needs settings.personalApiKey`);
  return false;
}

/** The device is a property of the person to rules and to the server. */
function withDevice<Options extends FlagOptions>({ deviceId, ...options }: Options) {
  const { personProperties } = options;
  const device = deviceId ?? personProperties?.["$device_id"] ?? currentScope()?.read("deviceId");
  if (device === undefined) return options;
  return { ...options, personProperties: { ...personProperties, $device_id: device } };
}

function severalOf({ flagKeysToEvaluate, flagKeys, ...options }: AllFlagOptions): AllFlagsOptions {
  const keys = flagKeysToEvaluate ?? flagKeys;
  return { ...withDevice(given(options)), ...(keys === undefined ? {} : { flagKeys: keys }) };
}
