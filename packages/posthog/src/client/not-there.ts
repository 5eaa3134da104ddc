import { DOCUMENTATION_URL } from "@sortition/core/internal";
/** Stands for a function or class of the vendor's that this package lacks. Throws an explanation when it is used. */
export interface NotThere {
  (...given: readonly unknown[]): never;
  new (...given: readonly unknown[]): never;
}

const PAGE = `see ${DOCUMENTATION_URL}/migrate/from-posthog-node.md`;

/** @param entry - the entry of this package from which it is imported. */
export function notThere(
  name: string,
  wayOut: string,
  entry: string = "@sortition/posthog",
): NotThere {
  function missing(): never {
    throw new Error(`${entry} has no ${name}: ${wayOut}, ${PAGE}`);
  }
  // It throws when it is called and when it is constructed.
  return missing as unknown as NotThere;
}

const REQUESTS = "run requests in withContext, in a middleware of your own";
const SPANS = "spans and metrics are left to OpenTelemetry";
const EMAILS = "keep posthog-node beside it for e-mails";

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
