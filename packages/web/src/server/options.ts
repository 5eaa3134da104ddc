import type { Attributes, Client } from "@sortition/core";
import {
  explainedOn,
  OptionError,
  rejectUnknownOptions,
  requireFunction,
} from "@sortition/core/internal";
import type { SealOptions } from "../token/keys.js";

/** A visitor whose flags a page shows. */
export interface WebSubject {
  /** Key of the subject, such as the value of a cookie. Without it, flags return their defaults and nothing is logged. */
  readonly subjectKey: string | null | undefined;
  /** Attributes that rules read. Events contain them, and therefore the token as well. Default: none. */
  readonly attributes?: Attributes | null | undefined;
  /** Values that the dialect needs in addition to attributes, such as groups or a URL. */
  readonly extras?: unknown;
}

/** A value, or a promise for it. */
type Awaitable<T> = T | PromiseLike<T>;

/**
 * Options of `webFlags`.
 *
 * @typeParam Request - what you pass to `flags` and `snapshot`, if your functions read it.
 */
export interface WebFlagsOptions<Request> extends SealOptions {
  /** The client, or a function that returns it, such as `getInstance`. It is called for each call of `flags` and `snapshot`, and for each posted exposure. */
  readonly client: Client | (() => Awaitable<Client>);
  /**
   * Returns the visitor of a request. `null` or `undefined`, such as Passport's `req.user` before the login, is a visitor
   * without a key. It is called for each call of `flags` and `snapshot`, because a request may log its visitor in or out.
   */
  readonly subject: (request: Request) => Awaitable<WebSubject | null | undefined>;
  /**
   * Returns an object that exists once for each request, such as the result of `headers()` in Next. All calls with the same
   * object and the same subject key share the visitor, and therefore attributes and configuration, for at most a minute.
   * Default: the request that you pass to `flags` and `snapshot`, or the promise that `subject` returns, if React's `cache`
   * returns it.
   */
  readonly requestKey?: ((request: Request) => Awaitable<object>) | undefined;
  /** Returns the value of the cookie `sortition_overrides`, which `overrides.POST` sets. Default: no overrides. */
  readonly overrideCookie?:
    | ((request: Request) => Awaitable<string | null | undefined>)
    | undefined;
  /** Path of the route that exports `POST`, on the same site. Default: `/api/exposures`. */
  readonly url?: string | undefined;
  /** How long a page can log its exposures, in seconds. At most a year. Default: 24 hours. */
  readonly maxAgeSeconds?: number | undefined;
}

const MAX_AGE_SECONDS = 31_536_000;

const NAMES: readonly (keyof WebFlagsOptions<unknown>)[] = [
  ...(["client", "audience", "secrets", "subject", "requestKey"] as const),
  ...(["overrideCookie", "url", "maxAgeSeconds"] as const),
];

/**
 * Checks what does not depend on the environment, which may be absent while an application is built.
 *
 * @throws OptionError for an unknown option or an invalid value.
 */
export function checkOptions(options: WebFlagsOptions<never>): void {
  rejectUnknownOptions(options, NAMES, undefined, explainedOn("/guides/browser.md"));
  const { maxAgeSeconds = 1, overrideCookie, requestKey, subject, url = "/" } = options;
  requireFunction("requestKey", requestKey);
  requireFunction(
    "overrideCookie",
    overrideCookie,
    ": write (request) => …, which returns the value of the cookie sortition_overrides",
  );
  if (typeof subject !== "function") {
    throw new OptionError("subject", "expected a function that returns { subjectKey, attributes }");
  }
  if (typeof url !== "string" || /^([a-z][a-z+.-]*:|[\\/]{2})/i.test(url)) {
    throw new OptionError(
      "url",
      `expected the path of a route on the same site, such as /api/exposures, got ${JSON.stringify(url)}`,
    );
  }
  if (!(maxAgeSeconds > 0 && maxAgeSeconds <= MAX_AGE_SECONDS)) {
    throw new OptionError(
      "maxAgeSeconds",
      `expected more than 0 and at most ${MAX_AGE_SECONDS} (a year), got ${maxAgeSeconds}: 1 h is 3_600`,
    );
  }
}
