import type { Diagnostics } from "@sortition/core";
import { MAX_DELAY_MS } from "@sortition/core/internal";
import { hooksOf } from "../events/client-options.js";
import type { PostHogOptions } from "./posthog-options.js";

/**
 * Returns the value as the vendor's SDK uses it, or `undefined` to use the default, as for a value of another type. Not called
 * with `null` or `undefined`.
 */
type Reader = (value: unknown) => unknown;

const booleanOnly: Reader = (value) => (typeof value === "boolean" ? value : undefined);
const functionOnly: Reader = (value) => (typeof value === "function" ? value : undefined);
const truthyOnly: Reader = (value) => value || undefined;
const stringOnly: Reader = (value) => (typeof value === "string" ? value : undefined);

const number =
  (min: number, round: (value: number) => number, max = Number.POSITIVE_INFINITY): Reader =>
  (value) =>
    typeof value !== "number" || Number.isNaN(value)
      ? undefined
      : Math.min(max, Math.max(min, round(value)));

const delay: Reader = (ms) => {
  if (typeof ms !== "number") return undefined;
  if (ms === 0) return 0;
  return ms >= 1 && ms <= MAX_DELAY_MS ? Math.trunc(ms) : 1;
};

/** If a deadline is invalid, we use the default. The vendor would use 1 ms, and no request would ever succeed. */
const deadline: Reader = (ms) =>
  typeof ms === "number" && ms > 0 && ms <= MAX_DELAY_MS ? Math.max(1, Math.trunc(ms)) : undefined;

const clamped: Reader = (value) => {
  if (typeof value !== "number") return undefined;
  return value <= 100 ? Math.max(0, value) : 100;
};

function readers(reader: Reader, names: string): Record<string, Reader> {
  return Object.fromEntries(names.split(" ").map((name) => [name, reader]));
}

const READERS: Readonly<Record<string, Reader>> = /* @__PURE__ */ Object.assign(
  readers(
    booleanOnly,
    "disabled defaultOptIn disableGeoip historicalMigration disableCompression isServer " +
      "strictLocalEvaluation sendFeatureFlagEvent enableExceptionAutocapture " +
      "__preview_capture_bot_pageviews privacyMode disable_capture_url_hashes " +
      "enableLocalEvaluation featureFlagsLogWarnings",
  ),
  readers(deadline, "requestTimeout featureFlagsRequestTimeoutMs"),
  readers(number(0, Math.ceil), "fetchRetryCount featureFlagsRequestMaxRetries"),
  readers(clamped, "exceptionRateLimiterBucketSize exceptionRateLimiterRefillRate"),
  readers(delay, "fetchRetryDelay waitUntilDebounceMs"),
  readers(functionOnly, "fetch waitUntil"),
  readers(stringOnly, "host secretKey personalApiKey"),
  readers(listOnly, "evaluationContexts evaluationEnvironments custom_blocked_useragents"),
  readers(truthyOnly, "before_send flagDefinitionCacheProvider"),
  {
    readPostHogCookie: (value: unknown) => (value === true || isObject(value) ? value : undefined),
    flushAt: (value: unknown) => (value ? number(1, Math.ceil)(value) : undefined),
    // `NaN` turns it off, as 0 does.
    flushInterval: (value: unknown) => (Number.isNaN(value) ? 0 : delay(value)),
    maxBatchSize: number(1, Math.floor),
    maxQueueSize: number(1, Math.ceil),
    maxCacheSize: (value: unknown) => (value ? number(1, Math.floor)(value) : undefined),
    waitUntilMaxWaitMs: (value: unknown) =>
      Number.isNaN(value) ? MAX_DELAY_MS : number(0, Math.trunc)(value),
    featureFlagsPollingInterval: (value: unknown) =>
      typeof value === "number" ? number(100, Math.round, 86_400_000)(value) : undefined,
  },
);

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function listOnly(value: unknown): unknown {
  return Array.isArray(value) ? value : undefined;
}

/** Options that only this package has. */
const OWN: readonly (keyof PostHogOptions)[] = [
  ...([
    "send",
    "syncMode",
    "onEvaluation",
    "onError",
    "beforeSend",
    "proxy",
    "dispatcher",
  ] as const),
  ...(["logCapturedExceptions", "captureExceptionCodeVariables", "projectRoot"] as const),
  ...(["inAppModules", "codeVariablesMaskPatterns", "codeVariablesIgnorePatterns"] as const),
];

/** All options that have an effect. */
export const OPTION_NAMES: readonly string[] = /* @__PURE__ */ Object.keys(READERS).concat(OWN);

/** Options that may be `null` according to the vendor's types. */
const MAY_BE_NULL: readonly string[] =
  /* @__PURE__ */ "host secretKey personalApiKey featureFlagsPollingInterval flagDefinitionCacheProvider".split(
    " ",
  );

/**
 * Returns the options as the vendor's SDK reads them. A value with another type or range is clamped, rounded, or
 * replaced by the default, and reported once. Options that the vendor does not have stay unchanged.
 */
export function vendorOptions(given: unknown, diagnostics: Diagnostics): PostHogOptions {
  if (typeof given !== "object" || given === null) return {};
  const options: Record<string, unknown> = { ...given };
  for (const [name, value] of Object.entries(options)) {
    const reader = READERS[name];
    if (value === undefined || reader === undefined) continue;
    const isNull = value === null;
    const used = isNull ? undefined : reader(value);
    if (used === value || (isNull && MAY_BE_NULL.includes(name))) continue;
    options[name] = used;
    const shown = typeof used === "number" || typeof used === "boolean" ? used : "default";
    // 30 is probably meant as seconds.
    const isSeconds =
      name === "featureFlagsPollingInterval" && typeof value === "number" && value > 0;
    const hint = isSeconds && value < 100 ? `; it is in milliseconds: 30 s is 30_000` : "";
    const facts = { option: name, used: shown };
    diagnostics.warn(`this option is used with another value${hint}`, facts);
  }
  if (hooksOf(options).some((hook) => typeof hook !== "function")) {
    const facts = { option: "before_send" };
    diagnostics.warn("this option is not a function: every event is dropped", facts);
  }
  return options;
}
