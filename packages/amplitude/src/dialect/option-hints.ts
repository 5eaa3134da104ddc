import type { OptionHints } from "@sortition/core/dialect";
import { DOCUMENTATION_URL } from "@sortition/core/dialect-internal";

/** Options of the vendor's SDK that have other names in a native client. */
export const AMPLITUDE_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/amplitude.md`,
  names: {
    deploymentKey: "use apiKey",
    serverUrl: "use baseUrl",
    flagConfigPollingIntervalMillis: "use pollIntervalMs",
    bootstrap: "use initialConfiguration",
    assignmentConfig: "use assignmentLogger",
    exposureConfig: "use assignmentLogger",
    cohortSyncConfig: "set it on the source: amplitudeSource({ cohortSync })",
    streaming: "set it on the source: amplitudeSource({ streamUpdates: true })",
    streamUpdates: "set it on the source: amplitudeSource({ streamUpdates: true })",
    logLevel: "use diagnostics",
    httpAgent: "use dispatcher, with a dispatcher from undici",
  },
};
