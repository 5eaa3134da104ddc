import { DOCUMENTATION_URL, type OptionHints } from "@sortition/core/dialect";

/** Options of Datadog's SDKs that our clients do not have, and what to use instead. */
export const DATADOG_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/migrate/from-datadog.md`,
  names: {
    initializationTimeoutMs: "here: readyTimeoutMs",
    exposureChannel: "here: assignmentLogger, with exposureOf() of @sortition/datadog",
    env: "here: an option of datadogSource()",
    site: "here: an option of datadogSource()",
  },
};
