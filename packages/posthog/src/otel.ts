import { type NotThere, notThere } from "./client/not-there.js";

export { enrichCurrentSpan } from "./client/not-there.js";

/** Not supported: the span processor for OpenTelemetry. Throws. */
export const PostHogContextSpanProcessor: NotThere = /* @__PURE__ */ notThere(
  "PostHogContextSpanProcessor",
  "set the attributes of spans yourself, with getContext() of the client",
  "@sortition/posthog/otel",
);
