import { DOCUMENTATION_URL, type OptionHints } from "@sortition/core/dialect";

/** Options of the vendor's SDK that have other names in a native client. */
export const AMPLITUDE_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/migrate/from-amplitude-node.md`,
  names: {
    deploymentKey: "here: apiKey",
    serverUrl: "here: baseUrl",
    flagConfigPollingIntervalMillis: "here: pollIntervalMs",
    bootstrap: "here: initialConfiguration",
    assignmentConfig: "here: assignmentLogger",
    exposureConfig: "here: assignmentLogger",
    cohortSyncConfig: "here: an option of the source, amplitudeSource({ cohortSync })",
    streamUpdates: "here: an option of the source, amplitudeSource({ streamUpdates: true })",
    logLevel: "here: diagnostics",
    httpAgent: "here: dispatcher, of undici",
  },
};
