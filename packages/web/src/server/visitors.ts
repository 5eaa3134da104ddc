import type { Client, SubjectClient } from "@sortition/core";
import { OptionError, type WebParts, webParts } from "@sortition/core/internal";
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

/** Creates one visitor for each subject object, and for each request. */
export class Visitors<Request> {
  readonly #options: WebFlagsOptions<Request>;
  readonly #bySubject = new WeakMap<WebSubject, Promise<Visitor>>();
  readonly #byRequest = new WeakMap<object, Promise<Visitor>>();

  constructor(options: WebFlagsOptions<Request>) {
    this.#options = options;
  }

  /** @param request - `undefined` in React, where `subject` knows the request. */
  of(request: Request | undefined): Promise<Visitor> {
    if (typeof request !== "object" || request === null) {
      const { subject } = this.#options;
      if (subject.length > 0) {
        throw new OptionError("request", "expected the request, because your `subject` reads it");
      }
      return this.#read(request);
    }
    let visitor = this.#byRequest.get(request);
    if (visitor === undefined) {
      visitor = this.#read(request);
      this.#byRequest.set(request, visitor);
    }
    return visitor;
  }

  /** Returns the client of the options. */
  async client(): Promise<{ readonly client: Client; readonly parts: WebParts }> {
    const { client: given } = this.#options;
    const client = typeof given === "function" ? await given() : given;
    try {
      return { client, parts: webParts(client) };
    } catch {
      throw new OptionError("client", "expected a client, or a function that returns one");
    }
  }

  async #read(request: Request | undefined): Promise<Visitor> {
    const asked = request as Request; // functions without parameters do not read it
    const subject = await this.#options.subject(asked);
    let visitor = this.#bySubject.get(subject);
    if (visitor === undefined) {
      visitor = this.#create(subject, asked);
      this.#bySubject.set(subject, visitor);
    }
    return await visitor;
  }

  async #create(subject: WebSubject, request: Request): Promise<Visitor> {
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
