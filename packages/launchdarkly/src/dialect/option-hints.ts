import type { OptionHints } from "@sortition/core/dialect";
import { DOCUMENTATION_URL } from "@sortition/core/dialect-internal";

/** Options of the vendor's SDK that have other names in a native client. */
export const LAUNCHDARKLY_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/launchdarkly.md`,
  names: {
    sdkKey: "use apiKey",
    baseUri: "use baseUrl",
    streamUri: "set it on the source: launchdarklySource({ streamUri })",
    streaming: "set it on the source: launchdarklySource({ streaming })",
    stream: "set it on the source: launchdarklySource({ streaming })",
    pollInterval: "use pollIntervalMs",
    bigSegments: "set it on the dialect: launchdarkly({ bigSegments })",
    logger: "use diagnostics",
    eventsUri: "not supported: events go to your assignmentLogger",
    sendEvents: "not supported: events go to your assignmentLogger",
  },
};
