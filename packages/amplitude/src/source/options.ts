import {
  boolean,
  type Clock,
  hintsOn,
  integer,
  type OptionHints,
  type Readers,
  readOptions,
} from "@sortition/core/internal";
import { connectionReaders, type HttpOriginOptions } from "@sortition/node/internal";
import { keyProblem } from "../dialect/addresses.js";
import { readZone } from "../dialect/zone.js";
import {
  type CohortSettings,
  type CohortSyncOptions,
  readCohortSync,
  readKey,
} from "./cohort-options.js";
import { readUrl } from "./servers.js";

/** Options of `amplitudeOrigin`. The headers are sent with the requests for flags and cohorts, and to the stream. */
export interface AmplitudeOriginOptions
  extends Omit<HttpOriginOptions, "apiKey" | "baseUrl" | "dialect"> {
  /** The server-side deployment key. It never appears in messages, status or file names. */
  readonly deploymentKey: string;
  /** Downloads the cohorts that flags refer to. Default: cohorts have no members. */
  readonly cohortSync?: CohortSyncOptions | undefined;
  /** Data centre of the project, `us` or `eu` in upper or lower case. Default: `us`. */
  readonly serverZone?: string | undefined;
  /** Address of the flag server. Default: the zone's server. */
  readonly serverUrl?: string | undefined;
  /** Whether changes of flags are received as a stream. Default: false. */
  readonly streamUpdates?: boolean | undefined;
  /** Address of the stream server. Default: the zone's server. */
  readonly streamServerUrl?: string | undefined;
  /**
   * Time from the start of a connection to its first flags, after which flags are requested
   * instead, 1 to 600,000 ms. Default: 1,500.
   */
  readonly streamFlagConnTimeoutMs?: number | undefined;
  /**
   * Time for one attempt at the flags and all cohorts, 1 to 600,000 ms. Default: 60,000, of which the
   * request for flags may take 5,000.
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * Maximum size of each body, on the wire and decompressed, at least 1,024 bytes. Default: 256
   * MiB.
   */
  readonly maxBodyBytes?: number | undefined;
}

/** Validated options with defaults applied. */
export interface CheckedOptions {
  readonly serverUrl: string;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  /** Headers with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cohortSync: CohortSettings | null;
  /** `null` if changes are not streamed. */
  readonly stream: StreamSettings | null;
}

export interface StreamSettings {
  readonly url: string;
  /** Time from the start of a connection to its first flags. */
  readonly timeoutMs: number;
}

const MAX_TIMEOUT_MS = 600_000;

/** Options of the vendor's SDK, and those that other SDKs name differently. */
const HINTS: OptionHints = {
  ...hintsOn("/vendors/amplitude.md"),
  names: {
    secretKey: "use cohortSync: { apiKey, secretKey }",
    cohortSyncConfig: "use cohortSync: { apiKey, secretKey }",
    flagConfigPollingIntervalMillis: "use pollIntervalMs",
    stream: "use streamUpdates",
    streaming: "use streamUpdates",
  },
};

const READERS = () =>
  ({
    ...connectionReaders(),
    deploymentKey: (path, value) => readKey(path, value, keyProblem),
    cohortSync: (path, value) => (value === undefined ? null : readCohortSync(path, value)),
    serverZone: readZone,
    serverUrl: readUrl,
    streamUpdates: boolean(false),
    streamServerUrl: readUrl,
    streamFlagConnTimeoutMs: integer(1, MAX_TIMEOUT_MS, 1_500),
    requestTimeoutMs: integer(1, MAX_TIMEOUT_MS, 60_000),
    maxBodyBytes: integer(1_024, Number.MAX_SAFE_INTEGER, 256 * 1_024 * 1_024),
  }) satisfies Readers<AmplitudeOriginOptions>;

/**
 * Reads the options.
 *
 * @param others - readers of the options that only a source has.
 * @throws OptionError for the first problem, with the others.
 */
export function checkedOptions(
  options: AmplitudeOriginOptions,
  others: Readers<object> = {},
): CheckedOptions {
  const read = readOptions({ ...READERS(), ...others }, options, undefined, () => HINTS);
  const { clock, cohortSync, headers, maxBodyBytes, requestTimeoutMs, serverZone: servers } = read;
  const { serverUrl = servers.flags, streamServerUrl: url = servers.stream } = read;
  return {
    serverUrl,
    requestTimeoutMs,
    maxBodyBytes,
    clock,
    headers,
    cohortSync: cohortSync && { ...cohortSync, url: cohortSync.url ?? servers.cohort },
    stream: read.streamUpdates ? { url, timeoutMs: read.streamFlagConnTimeoutMs } : null,
  };
}
