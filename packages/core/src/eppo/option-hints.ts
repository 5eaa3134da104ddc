import { DOCUMENTATION_URL } from "../errors/documentation-url.js";
import type { OptionHints } from "../errors/option-checks.js";

const DEDUPLICATION = "use deduplication: { assignments: { max } }";
const NEVER_GIVES_UP = "not needed: polling never gives up";

/** Hints for options of the vendor's SDKs (Node, Python) that have another name here or are not needed. */
export const EPPO_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/eppo.md`,
  names: {
    pollingIntervalMs: "use pollIntervalMs; null disables polling",
    poll_interval_seconds: "use pollIntervalMs, in milliseconds",
    poll_jitter_seconds: "use pollJitterMs, in milliseconds",
    banditLogger: "use logBanditAction, a method of assignmentLogger",
    numInitialRequestRetries:
      "not needed: the first request is retried until initializationTimeoutMs",
    numPollRequestRetries: NEVER_GIVES_UP,
    pollAfterFailedInitialization: NEVER_GIVES_UP,
    pollAfterSuccessfulInitialization:
      "an option of Eppo's browser SDK; polling is on by default, and pollIntervalMs: null disables it",
    skipInitialRequest: "use initialConfiguration",
    eventTracking: "not supported: events go to your assignmentLogger",
    flagConfigurationStore: "use initialConfiguration or diskCache",
    assignmentCache: DEDUPLICATION,
    streaming:
      "Eppo's server has no stream; some vendors' sources have one, such as growthbookSource({ streaming: true })",
    logger: "use assignmentLogger",
    applicationLogger: "use diagnostics",
    sdkKey: "use apiKey",
  },
};
