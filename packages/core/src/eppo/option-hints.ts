import { DOCUMENTATION_URL } from "../errors/documentation-url.js";
import type { OptionHints } from "../errors/option-checks.js";

const DEDUPLICATION = "here: deduplication: { assignments: { max } }";
const NEVER_GIVES_UP = "not needed: polling never gives up";

/** Options of the vendor's SDKs (Node, Python) that are called otherwise here, or are not needed. */
export const EPPO_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/migrate/from-eppo-node.md`,
  names: {
    pollingIntervalMs: "here: pollIntervalMs; null disables polling",
    poll_interval_seconds: "here: pollIntervalMs, in milliseconds",
    poll_jitter_seconds: "here: pollJitterMs, in milliseconds",
    banditLogger: "here: logBanditAction, a method of the assignmentLogger",
    numInitialRequestRetries: "not needed: the first request is retried until readyTimeoutMs",
    numPollRequestRetries: NEVER_GIVES_UP,
    pollAfterFailedInitialization: NEVER_GIVES_UP,
    pollAfterSuccessfulInitialization:
      "an option of Eppo's browser SDK; here polling is on, and pollIntervalMs: null disables it",
    skipInitialRequest: "here: initialConfiguration",
    eventTracking: "not there: events go to your assignmentLogger",
    flagConfigurationStore: "here: initialConfiguration or diskCache",
    assignmentCache: DEDUPLICATION,
    applicationLogger: "here: diagnostics",
    sdkKey: "here: apiKey",
  },
};
