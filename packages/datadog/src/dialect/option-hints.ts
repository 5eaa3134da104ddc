import type { OptionHints } from "@sortition/core/dialect";
import { DOCUMENTATION_URL } from "@sortition/core/dialect-internal";

/** Options of Datadog's SDKs that our clients do not have, and what to use instead. */
export const DATADOG_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/datadog.md`,
  names: {
    exposureChannel: "use assignmentLogger, with exposureOf() from @sortition/datadog",
    streaming: "Datadog's server has no stream, so its flags are polled",
    env: "set it on the source: datadogSource({ env })",
    site: "set it on the source: datadogSource({ site })",
  },
};
