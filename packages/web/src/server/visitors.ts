import type { Client, SubjectClient } from "@sortition/core";
import {
  explainedOn,
  isPromise,
  OptionError,
  type OptionHints,
  rejectUnknownOptions,
  requireOptions,
  type WebParts,
  webParts,
} from "@sortition/core/internal";
import { openOverrides } from "../overrides/override-token.js";
import { DEFAULTS_CLIENT } from "./defaults-client.js";
import type { WebFlagsOptions, WebSubject } from "./options.js";

/** The flags of one visitor for one request. */
export interface Visitor {
  readonly flags: SubjectClient;
  /** `null`: the visitor has no subject key. */
  readonly parts: WebParts | null;
}

const ANONYMOUS: Visitor = { flags: DEFAULTS_CLIENT, parts: null };

const SUBJECT_OPTIONS: readonly (keyof WebSubject)[] = ["subjectKey", "attributes", "extras"];

const SUBJECT_HINTS: OptionHints = {
  ...explainedOn("/guides/browser.md")(),
  names: Object.fromEntries(
    ["id", "key", "userId", "distinctId", "targetingKey"].map((it) => [it, "use subjectKey"]),
  ),
};

/** Creates one visitor for each request. */
export class Visitors<Request> {
  readonly #options: WebFlagsOptions<Request>;
  /**
   * Visitors by the object that stands for their request. Subjects are no keys, because applications keep them for longer
   * than a request, and flags would keep their values for as long.
   */
  readonly #known = new WeakMap<object, Promise<Visitor>>();

  #hasReported = false;

  constructor(options: WebFlagsOptions<Request>) {
    this.#options = options;
  }

  /** @param request - `undefined` if `subject` knows the request. */
  async of(request: Request | undefined): Promise<Visitor> {
    const { requestKey, subject } = this.#options;
    const isGiven = typeof request === "object" && request !== null;
    for (const [name, read] of Object.entries({ subject, requestKey })) {
      if (isGiven || read === undefined || read.length === 0) continue;
      throw new OptionError("request", `expected the request, because your \`${name}\` reads it`);
    }
    const asked = request as Request; // functions without parameters do not read it
    if (requestKey !== undefined) {
      const key: unknown = await requestKey(asked);
      if (!isObject(key)) {
        throw new OptionError(
          "requestKey",
          "expected a function that returns an object which exists once for each request",
        );
      }
      return await this.#memoized(key, () => this.#create(subject(asked), asked));
    }
    if (isGiven) return await this.#memoized(request, () => this.#create(subject(asked), asked));
    const promise = subject(asked);
    // React's `cache` returns the same promise during a request.
    if (!isObject(promise) || !("then" in promise)) {
      const visitor = await this.#create(promise, asked);
      this.#reportUnshared(visitor);
      return visitor;
    }
    return await this.#memoized(promise, () => this.#create(promise, asked));
  }

  /** Returns the client of the options. */
  async client(): Promise<{ readonly client: Client; readonly parts: WebParts }> {
    const { client: given } = this.#options;
    const client = typeof given === "function" ? await given() : given;
    try {
      return { client, parts: webParts(client) };
    } catch {
      throw new OptionError(
        "client",
        isPromise(client)
          ? "is a promise: await it, or pass a function that returns it"
          : "expected a client, or a function that returns one, such as getInstance",
      );
    }
  }

  /** Reports once that calls of one request cannot share a visitor. */
  #reportUnshared({ parts }: Visitor): void {
    if (parts === null || this.#hasReported) return;
    this.#hasReported = true;
    parts.diagnostics.warn(
      "flags and snapshot of one request may differ, because they were called without a request: pass it, or set requestKey, or return a promise from subject through React's cache",
      { cause: "no request" },
    );
  }

  #memoized(key: object, create: () => Promise<Visitor>): Promise<Visitor> {
    let visitor = this.#known.get(key);
    if (visitor === undefined) {
      visitor = create();
      this.#known.set(key, visitor);
    }
    return visitor;
  }

  async #create(
    given: ReturnType<WebFlagsOptions<Request>["subject"]>,
    request: Request,
  ): Promise<Visitor> {
    const subject = await given;
    if (subject === null || subject === undefined) return ANONYMOUS;
    requireOptions(subject, "subject", ": return { subjectKey, attributes }");
    rejectUnknownOptions(subject, SUBJECT_OPTIONS, "subject", () => SUBJECT_HINTS);
    const { attributes, extras, subjectKey } = subject;
    if (subjectKey === null || subjectKey === undefined || subjectKey === "") return ANONYMOUS;
    const { client, parts } = await this.client();
    const cookie = await this.#options.overrideCookie?.(request);
    const overrides = cookie
      ? await openOverrides(cookie, subjectKey, this.#options, parts)
      : undefined;
    const flags = client.forSubject({
      subjectKey,
      attributes,
      extras,
      overrides,
      exposures: "on-show",
    });
    return { flags, parts };
  }
}

function isObject(key: unknown): key is object {
  return (typeof key === "object" && key !== null) || typeof key === "function";
}
