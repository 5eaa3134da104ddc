import {
  integerOptions,
  keyFault,
  OptionError,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import { serverUrl } from "./servers.js";

/** How cohorts are downloaded. */
export interface CohortSyncOptions {
  /** API key of the analytics project. No message contains it. */
  readonly apiKey: string;
  /** Secret key of the analytics project. No message contains it. */
  readonly secretKey: string;
  /** Address of the cohort server; default: that of the zone. */
  readonly cohortServerUrl?: string | undefined;
  /** Larger cohorts are not downloaded. Default: 2,147,483,647. */
  readonly maxCohortSize?: number | undefined;
  /** Ms between two requests for a cohort that is known; 60,000, and at least that. */
  readonly cohortPollingIntervalMillis?: number | undefined;
}

/** {@link CohortSyncOptions} after checks and defaults. */
export interface CohortSettings {
  readonly url: string;
  /** Value of the header; contains the keys. */
  readonly authorization: string;
  readonly maxCohortSize: number;
  readonly intervalMs: number;
}

export const COHORT_OPTION_NAMES: readonly (keyof CohortSyncOptions)[] = [
  "apiKey",
  "secretKey",
  "cohortServerUrl",
  "maxCohortSize",
  "cohortPollingIntervalMillis",
];

/** Shortest time between two requests for a cohort. */
export const MIN_INTERVAL_MS = 60_000;
export const MAX_COHORT_SIZE: number = 2 ** 31 - 1;
const COHORT_RULES = {
  cohortPollingIntervalMillis: [0, MAX_COHORT_SIZE, MIN_INTERVAL_MS],
  maxCohortSize: [0, MAX_COHORT_SIZE, MAX_COHORT_SIZE],
} as const;

/**
 * Checks how cohorts are downloaded.
 *
 * @param zoneUrl - the cohort server, unless one is given.
 * @throws OptionError naming the first option that is unknown or has a bad value.
 */
export function ownCohortSync(options: CohortSyncOptions, zoneUrl: string): CohortSettings {
  rejectUnknownOptions(options, COHORT_OPTION_NAMES, "cohortSync");
  const { apiKey, secretKey } = options;
  requireKey("cohortSync.apiKey", apiKey);
  requireKey("cohortSync.secretKey", secretKey);
  const { cohortPollingIntervalMillis: intervalMs, maxCohortSize } = integerOptions(
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

/** The header of requests for cohorts. */
export function basicOf(apiKey: string, secretKey: string): string {
  return `Basic ${Buffer.from(`${apiKey}:${secretKey}`).toString("base64")}`;
}

/** @throws OptionError without the value: it may be a secret. */
export function requireKey(name: string, value: unknown): void {
  if (typeof value !== "string" || value.trim() === "") {
    throw new OptionError(name, "is missing: is the environment variable that holds it set?");
  }
  const fault = keyFault(value);
  if (fault !== null) throw new OptionError(name, fault);
}
