import type { OptionHints } from "@sortition/core/dialect";
import { DOCUMENTATION_URL } from "@sortition/core/dialect-internal";

/** Options of the vendor's SDK that have another name in a native client. */
export const GROWTHBOOK_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/growthbook.md`,
  names: {
    clientKey: "use apiKey",
    apiHost: "use baseUrl",
    streaming: "set it on the source: growthbookSource({ streaming: true })",
    backgroundSync: "set it on the source: growthbookSource({ streaming: true })",
    streamingHost: "set it on the source: growthbookSource({ streaming: true, streamingHost })",
    trackingCallback: "use assignmentLogger",
    onFeatureUsage: "not supported: use the GrowthBook class of @sortition/growthbook",
    decryptionKey: "set it on the dialect: growthbook({ decryptionKey })",
    features: "use initialConfiguration",
    attributes: "pass them with each call",
    enableDevMode: "not supported: there is no browser integration",
    stickyBucketService: "not supported: use the GrowthBook class of @sortition/growthbook",
  },
};
