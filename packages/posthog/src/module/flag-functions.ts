import { PostHog } from "../client/posthog.js";
import type { AllFlagsOptions, BaseFlagEvaluationOptions } from "../flags/evaluation-options.js";
import type { FeatureFlagEvaluations } from "../flags/feature-flag-evaluations.js";
import type { FeatureFlagResult as ClassResult } from "../flags/flag-results.js";
import type { FlagsAndPayloads } from "../flags/flags.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";
import { type Given, given } from "./given.js";
import { moduleContexts, reportMistake, withClient, withClientLater } from "./global-client.js";
import { settings } from "./settings.js";

/** Options of all functions that evaluate flags. */
export interface FlagOptions extends BaseFlagEvaluationOptions {
  /** If `true`, `$feature_flag_called` is sent. Default: `true`. */
  readonly sendFeatureFlagEvents?: boolean | undefined;
  /** Default: the property `$device_id`, or else the device of the context. */
  readonly deviceId?: string | undefined;
}

/** Options of functions that evaluate several flags. They send no events. */
export interface AllFlagOptions extends Omit<FlagOptions, "sendFeatureFlagEvents"> {
  /** Default: all flags. */
  readonly flagKeysToEvaluate?: string[] | undefined;
  /** Alias of `flagKeysToEvaluate`. */
  readonly flagKeys?: string[] | undefined;
}

/** Options of {@link getFeatureFlagPayload}. */
export interface PayloadOptions extends FlagOptions {
  /** The flag value whose payload to return, instead of the evaluated one. */
  readonly matchValue?: FeatureFlagValue | undefined;
}

/** A flag's result for one person. */
export interface FeatureFlagResult extends Omit<ClassResult, "reasonCode"> {
  /** Returns the variant, or else whether the flag is on. */
  getValue(): FeatureFlagValue;
}

/** Returns whether a flag is on, or `undefined` if it has no value. Never rejects. */
export function featureEnabled(
  key: string,
  distinctId: string,
  options: Given<FlagOptions> = {},
): Promise<boolean | undefined> {
  const work = (it: PostHog) => it.isFeatureEnabled(key, distinctId, withDevice(given(options)));
  return withClientLater(work);
}

/** Returns `false`, `true` or the key of a variant, or `undefined` if the flag has no value. Never rejects. */
export function getFeatureFlag(
  key: string,
  distinctId: string,
  options: Given<FlagOptions> = {},
): Promise<FeatureFlagValue | undefined> {
  const work = (it: PostHog) => it.getFeatureFlag(key, distinctId, withDevice(given(options)));
  return withClientLater(work);
}

/** Returns value and payload of a flag, or `undefined` if it has no value. Never rejects. */
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
 * Returns the payload of a flag, `null` if it has none, or `undefined` if the flag has no value. Never rejects.
 *
 * @deprecated Use `evaluateFlags`.
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

/** Returns the values of all flags that have one. Never rejects. */
export async function getAllFlags(
  distinctId: string,
  options: Given<AllFlagOptions> = {},
): Promise<Record<string, FeatureFlagValue>> {
  return (await getAllFlagsAndPayloads(distinctId, options)).featureFlags;
}

/** Like {@link getAllFlags}, but also returns payloads. Never rejects. */
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
 * Evaluates flags once. Reading the snapshot sends `$feature_flag_called`.
 *
 * @param distinctId - default: the distinct id of the context. Without one, the snapshot is empty.
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

/**
 * Returns the payload of a remote config flag, or `undefined` if there is no secret key or the request fails. Never
 * rejects.
 */
export function getRemoteConfigPayload(key: string): Promise<JsonType | undefined> {
  return withClientLater(async (it) => {
    if (hasKey("getRemoteConfigPayload")) return it.getRemoteConfigPayload(key);
    return undefined;
  });
}

/** Returns the current definitions, frozen, or `null` before they are loaded. */
export function featureFlagDefinitions(): readonly unknown[] | null {
  return withClient((it) => {
    const definitions = it.flagDefinitions();
    return definitions === null ? null : Object.freeze([...definitions]);
  }, null);
}

/** Loads the definitions immediately and starts polling. Never rejects. */
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

/** Rules and the server read the device as a property of the person. */
function withDevice<Options extends FlagOptions>({ deviceId, ...options }: Options) {
  const { personProperties } = options;
  const device =
    deviceId ?? personProperties?.["$device_id"] ?? moduleContexts().current()?.read("deviceId");
  if (device === undefined) return options;
  return { ...options, personProperties: { ...personProperties, $device_id: device } };
}

function severalOf({ flagKeysToEvaluate, flagKeys, ...options }: AllFlagOptions): AllFlagsOptions {
  const keys = flagKeysToEvaluate ?? flagKeys;
  return { ...withDevice(given(options)), ...(keys === undefined ? {} : { flagKeys: keys }) };
}
