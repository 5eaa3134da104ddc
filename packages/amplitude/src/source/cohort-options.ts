import {
  integerOptions,
  keyFault,
  OptionError,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import { serverUrl } from "./servers.js";

/** Options for downloading cohorts. */
export interface CohortSyncOptions {
  /** API key of the analytics project. It never appears in messages. */
  readonly apiKey: string;
  /** Secret key of the analytics project. It never appears in messages. */
  readonly secretKey: string;
  /** Address of the cohort server. Default: the zone's server. */
  readonly cohortServerUrl?: string | undefined;
  /** Maximum size of a cohort. Larger ones are not downloaded. Default: 2,147,483,647. */
  readonly maxCohortSize?: number | undefined;
  /** Time between two requests for a known cohort, in ms, at least 60,000. Default: 60,000. */
  readonly cohortPollingIntervalMs?: number | undefined;
}

/** {@link CohortSyncOptions}, validated and with defaults applied. */
export interface CohortSettings {
  readonly url: string;
  /** Value of the header, which contains the keys. */
  readonly authorization: string;
  readonly maxCohortSize: number;
  readonly intervalMs: number;
}

const OPTION_NAMES: readonly (keyof CohortSyncOptions)[] = [
  "apiKey",
  "secretKey",
  "cohortServerUrl",
  "maxCohortSize",
  "cohortPollingIntervalMs",
];

/** Minimum time between two requests for a cohort. */
export const MIN_INTERVAL_MS = 60_000;
export const MAX_COHORT_SIZE: number = 2 ** 31 - 1;
const COHORT_RULES = {
  cohortPollingIntervalMs: [0, MAX_COHORT_SIZE, MIN_INTERVAL_MS],
  maxCohortSize: [0, MAX_COHORT_SIZE, MAX_COHORT_SIZE],
} as const;

/**
 * Checks the options for downloading cohorts.
 *
 * @param zoneUrl - the default cohort server.
 * @throws OptionError that names the first unknown or invalid option.
 */
export function ownCohortSync(options: CohortSyncOptions, zoneUrl: string): CohortSettings {
  rejectUnknownOptions(options, OPTION_NAMES, "cohortSync");
  const { apiKey, secretKey } = options;
  requireKey("cohortSync.apiKey", apiKey);
  requireKey("cohortSync.secretKey", secretKey);
  const { cohortPollingIntervalMs: intervalMs, maxCohortSize } = integerOptions(
    options,
    COHORT_RULES,
    "cohortSync",
  );
  return {
    url: serverUrl("cohortSync.cohortServerUrl", options.cohortServerUrl, zoneUrl),
    authorization: basicOf(apiKey, secretKey),
    maxCohortSize,
    intervalMs: Math.max(MIN_INTERVAL_MS, intervalMs),
  };
}

/** Returns the authorization header for cohort requests. */
export function basicOf(apiKey: string, secretKey: string): string {
  return `Basic ${Buffer.from(`${apiKey}:${secretKey}`).toString("base64")}`;
}

/** @throws OptionError without the value, which may be a secret. */
export function requireKey(name: string, value: unknown): void {
  if (typeof value !== "string" || value.trim() === "") {
    throw new OptionError(name, "is missing: is the environment variable that holds it set?");
  }
  const fault = keyFault(value);
  if (fault !== null) throw new OptionError(name, fault);
}
