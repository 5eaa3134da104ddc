import { DOCUMENTATION_URL, type OptionHints } from "@sortition/core/dialect";

/** Options of the vendor's SDK that have another name in a native client. */
export const POSTHOG_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/posthog.md`,
  names: {
    personalApiKey: "use apiKey",
    host: "use baseUrl",
    api_host: "use baseUrl",
    featureFlagsPollingInterval: "use pollIntervalMs",
    flushAt: "not supported: events go to your assignmentLogger",
    flushInterval: "not supported: events go to your assignmentLogger",
    before_send: "not supported: events go to your assignmentLogger",
    onlyEvaluateLocally: "not needed: a native client never evaluates on a server",
  },
};
