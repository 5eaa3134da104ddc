import type { SubjectClient, TypedSubjectClient } from "@sortition/core";
import { OptionError, withAwaitHints } from "@sortition/core/internal";
import type { AnyDefault } from "../hooks/typed-values.js";
import { overridesRoutes } from "../overrides/overrides-route.js";
import type { Value } from "../reader/reader.js";
import type { Snapshot } from "../reader/snapshot.js";
import { keysFor } from "../token/keys.js";
import { createSnapshot } from "./create-snapshot.js";
import { exposuresRoute } from "./exposures-route.js";
import { checkOptions, type WebFlagsOptions } from "./options.js";
import { reportFailuresTo } from "./route-failures.js";
import { Visitors } from "./visitors.js";

/** A Fetch-style route handler. */
export type RouteHandler = (request: Request) => Promise<Response>;

/** Flags for server-rendered pages. Its members can be destructured. */
export interface WebFlags<
  Request,
  Flags extends SubjectClient = SubjectClient,
  Defaults extends object = Readonly<Record<string, Value>>,
> {
  /**
   * Returns the visitor's flags. They keep their values until the request ends or changes its visitor. An exposure is logged
   * when the browser reports it, or when you call `exposed(flagKey)`.
   *
   * @param request - omitted if `subject` and `requestKey` are functions without parameters, as in Next.
   * @throws OptionError (the promise rejects) if an option is missing or invalid.
   */
  readonly flags: (request?: Request) => Promise<Flags>;
  /**
   * Returns the values of flags for the page, and the token with their exposures. The page belongs to this visitor, so it
   * must not be stored in a shared cache, see `responseHeaders`.
   *
   * @param defaults - the flags that the page uses, with their default values, whose types select the getters.
   */
  readonly snapshot: (defaults: Defaults, request?: Request) => Promise<Snapshot>;
  /**
   * The route that receives exposures. It responds with 204, with 400, 405, 410 or 413 to a request that it rejects, or with
   * 503 if an exposure could not be logged.
   */
  readonly POST: RouteHandler;
  /**
   * The route that shows variations to testers: `GET` asks the tester to confirm a link, and `POST` sets the cookie
   * that `overrideCookie` reads. `sortition override` prints links.
   */
  readonly overrides: { readonly GET: RouteHandler; readonly POST: RouteHandler };
  /** Returns headers for a page with a snapshot, so that no shared cache stores it. */
  readonly responseHeaders: () => Record<string, string>;
}

/** {@link WebFlags} that accept only the keys and values of `Flags`, see `TypedClient` of `@sortition/core`. */
export type TypedWebFlags<Flags, Request> = WebFlags<
  Request,
  TypedSubjectClient<Flags>,
  { readonly [Key in keyof Flags]?: AnyDefault<Flags[Key]> }
>;

/**
 * Creates the flags of an application whose pages are rendered on the server.
 *
 * ```ts
 * export const { flags, snapshot, POST } = webFlags<AppFlags>({
 *   client: getInstance,
 *   audience: "shop-production",
 *   secrets: [process.env.FLAGS_SECRET],
 *   subject: async () => ({ subjectKey: (await cookies()).get("uid")?.value }),
 *   requestKey: () => headers(),
 * });
 * ```
 *
 * @typeParam Flags - the values of each flag, as `sortition types` generates them. Without it, any key is accepted.
 * @throws OptionError for an unknown option, or an invalid `subject` or `maxAgeSeconds`. The audience and the secrets are
 * checked at first use, because they are not set while an application is built.
 */
export function webFlags(options: WebFlagsOptions<Request>): WebFlags<Request>;
export function webFlags<Flags, Visit = Request>(
  options: WebFlagsOptions<Visit>,
): TypedWebFlags<Flags, Visit>;
export function webFlags(options: WebFlagsOptions<Request>): WebFlags<Request> {
  checkOptions(options);
  const visitors = new Visitors(options);
  const overrides = overridesRoutes(options, async () => (await visitors.client()).parts);
  const visitorOf: Visitors<Request>["of"] = async (request) => {
    // First, because reading the request ends the prerendering of a page while an application is built without secrets.
    const visitor = await visitors.of(request);
    // Without this check, a mistake would go unnoticed until a page has something to log.
    await keysFor("exposures", options);
    return visitor;
  };
  const flagsOf = async (request?: Request) => (await visitorOf(request)).flags;
  const routes = {
    POST: fetchRoute(
      "POST",
      exposuresRoute(options, () => visitors.client()),
    ),
    overrides: {
      GET: fetchRoute("overrides.GET", overrides.show),
      POST: fetchRoute("overrides.POST", overrides.store),
    },
  };
  for (const route of [routes.POST, routes.overrides.GET, routes.overrides.POST]) {
    reportFailuresTo(route, async () => (await visitors.client()).parts.diagnostics);
  }
  return {
    ...routes,
    flags: (request) => withAwaitHints(flagsOf(request), "flags(…)"),
    async snapshot(defaults, request) {
      return await createSnapshot(await visitorOf(request), defaults, options);
    },
    responseHeaders: () => ({ "cache-control": "private, no-cache", vary: "cookie" }),
  };
}

/** Refuses a request of `node:http` or a framework, whose headers have no methods. */
function fetchRoute(name: string, route: RouteHandler): RouteHandler {
  return async (request) => {
    if (typeof request.headers?.get === "function") return await route(request);
    throw new OptionError("request", `is not a Request: write nodeHandler(${name})`);
  };
}
