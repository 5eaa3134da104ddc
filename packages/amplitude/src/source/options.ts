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
  /** The deployment key of the server side. No message, status or file name contains it. */
  readonly deploymentKey: string;
  /** Downloads the cohorts that flags refer to; default: they have no members. */
  readonly cohortSync?: CohortSyncOptions | undefined;
  /** Data centre of the project, `us` or `eu` in any case. Default: `us`. */
  readonly serverZone?: string | undefined;
  /** Address of the flag server; default: that of the zone. */
  readonly serverUrl?: string | undefined;
  /** Whether changes of flags are received as a stream. Default: false. */
  readonly streamUpdates?: boolean | undefined;
  /** Address of the stream server; default: that of the zone. */
  readonly streamServerUrl?: string | undefined;
  /** Ms from the start of a connection to its first flags, 1 … 600 000; flags are requested then. Default: 1,500. */
  readonly streamFlagConnTimeoutMillis?: number | undefined;
  /** Ms for one attempt at the flags and all cohorts, 1 … 600 000. Default: 60,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Bound of each body, on the wire and decompressed, at least 1 024. Default: 256 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Parts of the clock to replace, for tests. */
  readonly clock?: Partial<Clock> | undefined;
}

const OPTION_NAMES: readonly (keyof AmplitudeOriginOptions)[] = [
  "deploymentKey",
  "cohortSync",
  "serverZone",
  "serverUrl",
  "streamUpdates",
  "streamServerUrl",
  "streamFlagConnTimeoutMillis",
  "requestTimeoutMs",
  "maxBodyBytes",
  "proxy",
  "dispatcher",
  "clock",
];

/** Options after checks and defaults. */
export interface CheckedOptions {
  readonly serverUrl: string;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  readonly cohortSync: CohortSettings | null;
  /** `null`: changes are not streamed. */
  readonly stream: StreamSettings | null;
}

export interface StreamSettings {
  readonly url: string;
  /** From the start of a connection to its first flags. */
  readonly timeoutMs: number;
}

const MAX_TIMEOUT_MS = 600_000;
const REQUEST_RULES = {
  requestTimeoutMs: [1, MAX_TIMEOUT_MS, 60_000],
  maxBodyBytes: [1_024, Number.MAX_SAFE_INTEGER, 256 * 1_024 * 1_024],
} as const;
const STREAM_RULES = { streamFlagConnTimeoutMillis: [1, MAX_TIMEOUT_MS, 1_500] } as const;
/** @throws OptionError naming the first option that is unknown or has a bad value. */
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
  const { streamFlagConnTimeoutMillis: timeoutMs } = integerOptions(options, STREAM_RULES);
  return booleanOption("streamUpdates", options.streamUpdates, false) ? { url, timeoutMs } : null;
}
