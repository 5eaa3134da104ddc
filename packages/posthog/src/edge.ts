import { type NotThere, notThere } from "./client/not-there.js";

/** Not supported: a client for isolates. Throws. */
export const PostHog: NotThere = /* @__PURE__ */ notThere(
  "PostHog",
  "this package needs Node.js; evaluate flags with @sortition/edge, and send events with posthog-node/edge",
  "@sortition/posthog/edge",
);
