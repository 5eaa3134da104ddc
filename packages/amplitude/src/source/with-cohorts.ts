import {
  type Clock,
  type ConfigurationOrigin,
  explainedOn,
  type Readers,
  readClock,
  readOptions,
  requireMethods,
  scopeOf,
} from "@sortition/core/internal";
import { readZone } from "../dialect/zone.js";
import { Attempts } from "./attempt.js";
import { CohortAttempts } from "./cohort-attempt.js";
import { type CohortSyncOptions, readCohortSync } from "./cohort-options.js";
import type { CohortTransport } from "./cohort-request.js";

/** Options of {@link withCohorts}. */
export interface WithCohortsOptions {
  readonly cohortSync: CohortSyncOptions;
  /** Sends the requests for cohorts, such as `fetchTransport()` of `@sortition/edge`. */
  readonly transport: CohortTransport;
  /** Data centre of the project, `us` or `eu` in upper or lower case. Default: `us`. */
  readonly serverZone?: string | undefined;
  /** Parts of the clock to replace in tests. */
  readonly clock?: Partial<Clock> | undefined;
}

const READERS = () =>
  ({
    cohortSync: readCohortSync,
    transport: (path, value = null) => {
      requireMethods(path, value, ["request"]);
      return value as CohortTransport;
    },
    serverZone: readZone,
    clock: readClock,
  }) satisfies Readers<WithCohortsOptions>;

/** Deadline for flags and all cohorts, unless the origin has its own deadline. */
const TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 256 * 1_024 * 1_024;

/**
 * Creates an origin of Amplitude's flags with the cohorts that they refer to, on any runtime. A
 * failed download delays nothing: the previous members are kept, and the next attempt retries it.
 *
 * @param flags - an origin of only the flags, such as `fetchOrigin` of `@sortition/edge`.
 * @throws OptionError if an option is unknown or invalid.
 */
export function withCohorts(
  flags: ConfigurationOrigin,
  options: WithCohortsOptions,
): ConfigurationOrigin {
  const { clock, cohortSync, serverZone, transport } = readOptions(
    READERS(),
    options,
    undefined,
    explainedOn("/vendors/amplitude.md"),
  );
  const settings = { ...cohortSync, url: cohortSync.url ?? serverZone.cohort };
  const { requestTimeoutMs: timeoutMs = TIMEOUT_MS } = flags;
  const server = { ...settings, transport, maxBodyBytes: MAX_BODY_BYTES, clock };
  const cohorts = new CohortAttempts(server);
  const attempts = new Attempts({ flags, cohorts, clock, flagsTimeoutMs: timeoutMs, timeoutMs });
  return {
    dialect: flags.dialect,
    requestTimeoutMs: timeoutMs,
    lateHint: flags.lateHint,
    get scope() {
      return scopeOf(flags.scope, settings.url);
    },
    fetchOnce: (current, { signal }) => attempts.fetchOnce(current, signal),
  };
}
