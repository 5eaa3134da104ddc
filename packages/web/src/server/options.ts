import type { Attributes, Client } from "@sortition/core";
import { OptionError, rejectUnknownOptions } from "@sortition/core/internal";
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
type Awaitable<T> = T | Promise<T>;

/**
 * Options of `webFlags`.
 *
 * @typeParam Request - what you pass to `flags` and `snapshot`, if you do not use React's `cache`.
 */
export interface WebFlagsOptions<Request> extends SealOptions {
  /** The client, or a function that returns it, such as `getInstance`. It is called for each visitor and each posted exposure. */
  readonly client: Client | (() => Awaitable<Client>);
  /**
   * Returns the visitor of a request. In React Server Components, wrap it in React's `cache`, so that all components of a
   * request get the same object. Each object has one configuration.
   */
  readonly subject: (request: Request) => Awaitable<WebSubject>;
  /** Returns the value of the cookie `sortition_overrides`, which `overrides.POST` sets. Default: no overrides. */
  readonly overrideCookie?:
    | ((request: Request) => Awaitable<string | null | undefined>)
    | undefined;
  /** Address of the route that exports `POST`. Default: `/api/exposures`. */
  readonly url?: string | undefined;
  /** How long a page can log its exposures, in seconds. Default: 24 hours. */
  readonly maxAgeSeconds?: number | undefined;
}

const NAMES: readonly (keyof WebFlagsOptions<unknown>)[] = [
  ...(["client", "audience", "secrets", "subject", "overrideCookie"] as const),
  ...(["url", "maxAgeSeconds"] as const),
];

/**
 * Checks what does not depend on the environment, which may be absent while an application is built.
 *
 * @throws OptionError for an unknown option or an invalid value.
 */
export function checkOptions(options: WebFlagsOptions<never>): void {
  rejectUnknownOptions(options, NAMES);
  const { maxAgeSeconds = 1, subject } = options;
  if (typeof subject !== "function") {
    throw new OptionError("subject", "expected a function that returns { subjectKey, attributes }");
  }
  if (!(maxAgeSeconds > 0)) {
    throw new OptionError("maxAgeSeconds", `expected a positive number, got ${maxAgeSeconds}`);
  }
}
