import type { WebCounters } from "@sortition/core";
import type { SortitionError } from "@sortition/core/internal";
import type { CacheCounters } from "../cache/copies.js";
import type { EdgeExposureCounters } from "../exposures/ledger.js";
import type { CheckCounters } from "./freshness.js";

/** Status of an isolate. */
export interface EdgeStatus {
  /** `empty`: no configuration yet; `stale`: the next request checks for a new one. */
  readonly state: "empty" | "fresh" | "stale";
  /** Ms since the served configuration was requested. `null` if there is none, or if it is a copy from the future. */
  readonly ageMs: number | null;
  /** Content hash of the served configuration. `null`: none. */
  readonly revision: string | null;
  readonly checks: CheckCounters;
  /** Number of requests to the vendor, or of attempts if `origin` was given. */
  readonly vendorRequests: number;
  /** Error of the last check. `null` if it succeeded. */
  readonly lastError: SortitionError | null;
  /** `null` without a cache. */
  readonly cache: CacheCounters | null;
  readonly exposures: EdgeExposureCounters;
  /** `null` unless `@sortition/web` uses the clients. */
  readonly web: WebCounters | null;
}
