/** Stands for a function or class of the vendor's that this package lacks. Throws an explanation when it is used. */
export interface NotThere {
  (...given: readonly unknown[]): never;
  new (...given: readonly unknown[]): never;
}

const PAGE = "see docs/migrate/from-posthog-node.md";

function notThere(name: string, wayOut: string): NotThere {
  function missing(): never {
    throw new Error(`@sortition/posthog has no ${name}: ${wayOut}, ${PAGE}`);
  }
  // It throws when it is called and when it is constructed.
  return missing as unknown as NotThere;
}

const SENTRY = "keep posthog-node beside it for Sentry, or capture with captureException";
const REQUESTS = "run requests in withContext, in a middleware of your own";
const SPANS = "spans and metrics are left to OpenTelemetry";
const EMAILS = "keep posthog-node beside it for e-mails";

/** Not there: the Sentry integration. Throws. */
export const PostHogSentryIntegration: NotThere = /* @__PURE__ */ notThere(
  "PostHogSentryIntegration",
  SENTRY,
);
/** Not there: the Sentry integration. Throws. */
export const sentryIntegration: NotThere = /* @__PURE__ */ notThere("sentryIntegration", SENTRY);
/** Not there: the Sentry integration. Throws. */
export const createEventProcessor: NotThere = /* @__PURE__ */ notThere(
  "createEventProcessor",
  SENTRY,
);
/** Not there: the middleware for Hono. Throws. */
export const posthogHonoMiddleware: NotThere = /* @__PURE__ */ notThere(
  "posthogHonoMiddleware",
  REQUESTS,
);
/** Not there: metrics of requests. Throws. */
export const instrumentRequest: NotThere = /* @__PURE__ */ notThere("instrumentRequest", REQUESTS);
/** Not there: spans. Throws. */
export const enrichCurrentSpan: NotThere = /* @__PURE__ */ notThere("enrichCurrentSpan", SPANS);
/** Not there: e-mails. Throws. */
export const EmailError: NotThere = /* @__PURE__ */ notThere("EmailError", EMAILS);
/** Not there: metrics of requests. The name that the vendor's have. */
export const HTTP_SERVER_REQUEST_DURATION_METRIC = "http.server.request.duration";
/** Not there: metrics of requests. The name that the vendor's have. */
export const HTTP_SERVER_REQUEST_COUNT_METRIC = "http.server.request.count";
