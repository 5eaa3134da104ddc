import { DOCUMENTATION_URL, type OptionHints } from "@sortition/core/dialect";

/** Options of the vendor's SDK, which a native client calls otherwise. */
export const GROWTHBOOK_OPTION_HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/migrate/from-growthbook-node.md`,
  names: {
    clientKey: "here: apiKey",
    apiHost: "here: baseUrl",
    streamingHost: "here: an option of the source, growthbookSource({ streaming: true })",
    trackingCallback: "here: assignmentLogger",
    onFeatureUsage: "not there: use the GrowthBook class of @sortition/growthbook",
    decryptionKey: "here: an option of the dialect, growthbook({ decryptionKey })",
    features: "here: initialConfiguration",
    attributes: "here: an argument of each call",
    enableDevMode: "not there: nothing is for browsers",
    stickyBucketService: "not for typed getters: the extras of client.evaluate()",
  },
};
