import {
  explainedOn,
  integer,
  OptionError,
  type Readers,
  readOptions,
  soundKey,
} from "@sortition/core/internal";
import { readUrl } from "./servers.js";

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

/** Minimum time between two requests for a cohort. */
export const MIN_INTERVAL_MS = 60_000;
export const MAX_COHORT_SIZE: number = 2 ** 31 - 1;

const READERS = () =>
  ({
    apiKey: readKey,
    secretKey: readKey,
    cohortServerUrl: readUrl,
    maxCohortSize: integer(0, MAX_COHORT_SIZE, MAX_COHORT_SIZE),
    cohortPollingIntervalMs: integer(0, MAX_COHORT_SIZE, MIN_INTERVAL_MS),
  }) satisfies Readers<CohortSyncOptions>;

/** Reads the options for downloading cohorts. */
export function readCohortSync(
  path: string,
  value: unknown,
): Omit<CohortSettings, "url"> & { readonly url: string | undefined } {
  const { apiKey, cohortPollingIntervalMs, cohortServerUrl, maxCohortSize, secretKey } =
    readOptions(READERS(), value as object, path, explainedOn("/vendors/amplitude.md"));
  return {
    url: cohortServerUrl,
    authorization: basicOf(apiKey, secretKey),
    maxCohortSize,
    intervalMs: Math.max(MIN_INTERVAL_MS, cohortPollingIntervalMs),
  };
}

/** Returns the authorization header for cohort requests. */
export function basicOf(apiKey: string, secretKey: string): string {
  return `Basic ${Buffer.from(`${apiKey}:${secretKey}`).toString("base64")}`;
}

/** Reads a key. Messages do not contain it. */
export function readKey(
  path: string,
  value: unknown,
  problemOf?: (key: string) => string | null,
): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw new OptionError(path, "is missing: is the environment variable that holds it set?");
  }
  return soundKey(path, value, problemOf);
}
