import { DOCUMENTATION_URL } from "@sortition/core/internal";
/**
 * Replaces a function or class of the vendor's that this package does not provide. Throws an explanation when it is
 * used.
 */
export interface NotThere {
  (...given: readonly unknown[]): never;
  new (...given: readonly unknown[]): never;
}

const PAGE = `see ${DOCUMENTATION_URL}/vendors/posthog.md`;

/**
 * Creates the replacement.
 *
 * @param entry - the entry of this package from which it is imported.
 */
export function notThere(
  name: string,
  wayOut: string,
  entry: string = "@sortition/posthog",
): NotThere {
  function missing(): never {
    throw new Error(`${entry} has no ${name}: ${wayOut}, ${PAGE}`);
  }
  // It throws both when it is called and when it is constructed.
  return missing as unknown as NotThere;
}

const REQUESTS = "run requests in withContext, in your own middleware";
const SPANS = "use OpenTelemetry for spans and metrics";
const EMAILS = "use posthog-node for e-mails";

/** Not supported: the Hono middleware. Throws. */
export const posthogHonoMiddleware: NotThere = /* @__PURE__ */ notThere(
  "posthogHonoMiddleware",
  REQUESTS,
);
/** Not supported: request metrics. Throws. */
export const instrumentRequest: NotThere = /* @__PURE__ */ notThere("instrumentRequest", REQUESTS);
/** Not supported: spans. Throws. */
export const enrichCurrentSpan: NotThere = /* @__PURE__ */ notThere("enrichCurrentSpan", SPANS);
/** Not supported: e-mails. Throws. */
export const EmailError: NotThere = /* @__PURE__ */ notThere("EmailError", EMAILS);
/** Name of the vendor's metric. This package records no request metrics. */
export const HTTP_SERVER_REQUEST_DURATION_METRIC = "http.server.request.duration";
/** Name of the vendor's metric. This package records no request metrics. */
export const HTTP_SERVER_REQUEST_COUNT_METRIC = "http.server.request.count";
