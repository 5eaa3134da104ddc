import type { OptionHints } from "@sortition/core/dialect";
import { DOCUMENTATION_URL } from "@sortition/core/dialect-internal";

/** Options of the vendor's SDK that have another name in a native client. */
export const POSTHOG_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/posthog.md`,
  names: {
    personalApiKey: "use apiKey",
    host: "use baseUrl",
    api_host: "use baseUrl",
    featureFlagsPollingInterval: "use pollIntervalMs",
    streaming: "PostHog's server has no stream, so its definitions are polled",
    projectApiKey: "set it on the dialect: posthog({ projectApiKey })",
    secretKey: "use apiKey",
    flushAt: "not supported: events go to your assignmentLogger",
    flushInterval: "not supported: events go to your assignmentLogger",
    before_send: "not supported: events go to your assignmentLogger",
    onlyEvaluateLocally: "not needed: a native client never evaluates on a server",
  },
};
