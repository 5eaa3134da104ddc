import { DOCUMENTATION_URL, type OptionHints } from "@sortition/core/dialect";

/** Options of the vendor's SDK, which a native client calls otherwise. */
export const POSTHOG_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/migrate/from-posthog-node.md`,
  names: {
    personalApiKey: "here: apiKey",
    host: "here: baseUrl",
    api_host: "here: baseUrl",
    featureFlagsPollingInterval: "here: pollIntervalMs",
    flushAt: "not there: events go to your assignmentLogger",
    flushInterval: "not there: events go to your assignmentLogger",
    before_send: "not there: events go to your assignmentLogger",
    onlyEvaluateLocally: "not needed: a native client asks no server",
  },
};
