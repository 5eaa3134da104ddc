import type { SortitionError } from "@sortition/core/internal";
import type { CacheCounters } from "../cache/copies.js";
import type { EdgeExposureCounters } from "../exposures/ledger.js";
import type { CheckCounters } from "./freshness.js";

/** State of an isolate. */
export interface EdgeStatus {
  /** `empty`: nothing to serve yet; `stale`: the next request checks. */
  readonly state: "empty" | "fresh" | "stale";
  /** Ms since the vendor was asked for what is served; `null` without it, or if a copy from the future is served. */
  readonly ageMs: number | null;
  /** Content hash of what is served; `null` without it. */
  readonly revision: string | null;
  readonly checks: CheckCounters;
  /** Requests to the vendor; attempts, if `origin` was given. */
  readonly vendorRequests: number;
  /** Of the last check that failed; `null` after one that did not. */
  readonly lastError: SortitionError | null;
  /** `null` without a cache. */
  readonly cache: CacheCounters | null;
  readonly exposures: EdgeExposureCounters;
}
