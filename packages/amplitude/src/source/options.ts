import {
  booleanOption,
  type Clock,
  checkClock,
  createClock,
  integerOptions,
  rejectUnknownOptions,
} from "@sortition/core/internal";
import type { RouteOptions } from "@sortition/node/internal";
import { serverUrlsOf } from "../dialect/zone.js";
import {
  type CohortSettings,
  type CohortSyncOptions,
  ownCohortSync,
  requireKey,
} from "./cohort-options.js";
import { serverUrl } from "./servers.js";

/** Options of `amplitudeOrigin`. */
export interface AmplitudeOriginOptions extends RouteOptions {
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
  /** Parts of the clock to replace in tests. */
  readonly clock?: Partial<Clock> | undefined;
}

const OPTION_NAMES: readonly (keyof AmplitudeOriginOptions)[] = [
  "deploymentKey",
  "cohortSync",
  "serverZone",
  "serverUrl",
  "streamUpdates",
  "streamServerUrl",
  "streamFlagConnTimeoutMs",
  "requestTimeoutMs",
  "maxBodyBytes",
  "proxy",
  "dispatcher",
  "clock",
];

/** Validated options with defaults applied. */
export interface CheckedOptions {
  readonly serverUrl: string;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
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
const REQUEST_RULES = {
  requestTimeoutMs: [1, MAX_TIMEOUT_MS, 60_000],
  maxBodyBytes: [1_024, Number.MAX_SAFE_INTEGER, 256 * 1_024 * 1_024],
} as const;
const STREAM_RULES = { streamFlagConnTimeoutMs: [1, MAX_TIMEOUT_MS, 1_500] } as const;
/**
 * Checks the options and applies defaults.
 *
 * @throws OptionError that names the first unknown or invalid option.
 */
export function checkedOptions(options: AmplitudeOriginOptions): CheckedOptions {
  rejectUnknownOptions(options, OPTION_NAMES);
  const { clock, cohortSync, deploymentKey, serverZone } = options;
  const servers = serverUrlsOf(serverZone);
  requireKey("deploymentKey", deploymentKey);
  checkClock(clock);
  return {
    serverUrl: serverUrl("serverUrl", options.serverUrl, servers.flags),
    ...integerOptions(options, REQUEST_RULES),
    clock: createClock(clock),
    cohortSync: cohortSync === undefined ? null : ownCohortSync(cohortSync, servers.cohort),
    stream: streamOf(options, servers.stream),
  };
}

function streamOf(options: AmplitudeOriginOptions, zoneUrl: string): StreamSettings | null {
  const url = serverUrl("streamServerUrl", options.streamServerUrl, zoneUrl);
  const { streamFlagConnTimeoutMs: timeoutMs } = integerOptions(options, STREAM_RULES);
  return booleanOption("streamUpdates", options.streamUpdates, false) ? { url, timeoutMs } : null;
}
