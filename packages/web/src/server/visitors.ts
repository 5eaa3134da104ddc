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

/** A subject with a key. */
type KnownSubject = WebSubject & { readonly subjectKey: string };

const ANONYMOUS: Visitor = { flags: DEFAULTS_CLIENT, parts: null };

const SUBJECT_OPTIONS: readonly (keyof WebSubject)[] = ["subjectKey", "attributes", "extras"];

const SUBJECT_HINTS: OptionHints = {
  ...explainedOn("/guides/browser.md")(),
  names: Object.fromEntries(
    ["id", "key", "userId", "distinctId", "targetingKey"].map((it) => [it, "use subjectKey"]),
  ),
};

/** How long a visitor keeps the configuration. A key that outlives its request must not disable kill switches. */
const KEPT_MS = 60_000;

/** The last visitor of a request, and who it is. */
interface Known {
  readonly subjectKey: string;
  readonly cookie: string | null | undefined;
  /** Monotonic. */
  readonly untilMs: number;
  readonly visitor: Promise<Visitor>;
}

/** Creates one visitor for each request, and another one if the request logs a different subject in. */
export class Visitors<Request> {
  readonly #options: WebFlagsOptions<Request>;
  /**
   * Visitors by the object that stands for their request. Subjects are no keys, because applications keep them for longer
   * than a request, and flags would keep their values for as long.
   */
  readonly #known = new WeakMap<object, Known>();

  #hasReported = false;

  constructor(options: WebFlagsOptions<Request>) {
    this.#options = options;
  }

  /** @param request - `undefined` if `subject` knows the request. */
  async of(request: Request | undefined): Promise<Visitor> {
    const { overrideCookie, requestKey, subject } = this.#options;
    const isGiven = isObject(request);
    for (const [name, read] of Object.entries({ subject, requestKey })) {
      if (isGiven || read === undefined || read.length === 0) continue;
      throw new OptionError("request", `expected the request, because your \`${name}\` reads it`);
    }
    const asked = request as Request; // functions without parameters do not read it
    const given = requestKey === undefined ? request : await requestKey(asked);
    if (requestKey !== undefined && !isObject(given)) {
      throw new OptionError(
        "requestKey",
        "expected a function that returns an object which exists once for each request",
      );
    }
    const promise = subject(asked);
    // React's `cache` returns the same promise during a request.
    const shared: unknown = isObject(given) ? given : isPromise(promise) && promise;
    const key = isObject(shared) ? shared : null;
    const found = subjectOf(await promise);
    if (found === null) return ANONYMOUS;
    const { client, parts } = await this.client();
    const cookie = await overrideCookie?.(asked);
    const known = key === null ? undefined : this.#known.get(key);
    const nowMs = parts.clock.monotonicMs();
    const isSame = known?.subjectKey === found.subjectKey && known.cookie === cookie;
    if (isSame && nowMs < known.untilMs) return await known.visitor;
    const visitor = this.#create(found, cookie, client, parts);
    const { subjectKey } = found;
    if (key === null) this.#reportUnshared(parts);
    else this.#known.set(key, { subjectKey, cookie, untilMs: nowMs + KEPT_MS, visitor });
    return await visitor;
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
  #reportUnshared({ diagnostics }: WebParts): void {
    if (this.#hasReported) return;
    this.#hasReported = true;
    diagnostics.warn(
      "flags and snapshot of one request may differ, because they were called without a request: pass it, or set requestKey, or return a promise from subject through React's cache",
      { cause: "no request" },
    );
  }

  async #create(
    { attributes, extras, subjectKey }: KnownSubject,
    cookie: string | null | undefined,
    client: Client,
    parts: WebParts,
  ): Promise<Visitor> {
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

/** Returns a subject that has a key, or `null` for a visitor without one. */
function subjectOf(subject: WebSubject | null | undefined): KnownSubject | null {
  if (subject === null || subject === undefined) return null;
  requireOptions(subject, "subject", ": return { subjectKey, attributes }");
  rejectUnknownOptions(subject, SUBJECT_OPTIONS, "subject", () => SUBJECT_HINTS);
  const { subjectKey } = subject;
  if (subjectKey === null || subjectKey === undefined || subjectKey === "") return null;
  return { ...subject, subjectKey };
}

function isObject(key: unknown): key is object {
  return (typeof key === "object" && key !== null) || typeof key === "function";
}
