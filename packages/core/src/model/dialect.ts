import type { OptionHints } from "../errors/option-checks.js";
import type { Configuration, Payload, PayloadSet } from "./configuration.js";
import type { Steps } from "./steps.js";
import type { Trace } from "./trace.js";

/** Credentials and SDK identity that requests to a vendor's server carry. */
export interface EndpointContext {
  readonly apiKey: string;
  readonly sdkName: string;
  readonly sdkVersion: string;
}

/** One query parameter. `null`: the name alone, without `=`. */
export type QueryParameter = readonly [name: string, value: string | null];

/** Where one part of a configuration is fetched from. */
export interface Endpoint {
  /** Name of the part that the body becomes. */
  readonly part: string;
  /**
   * Path below the base URL, with a leading slash, percent-encoded. It may contain the key: never
   * show it.
   */
  path(context: EndpointContext): string;
  /** Query parameters in their order, not encoded. They may contain the key: never show them. */
  query(context: EndpointContext): readonly QueryParameter[];
  /** Headers in addition to those of the transport. */
  headers(context: EndpointContext): Readonly<Record<string, string>>;
  /** Value of the header `accept`; `null`: it is not sent. Default: `application/json`. */
  readonly accept?: string | null;
  /**
   * Whether this part must be requested, after the endpoints before it have answered.
   *
   * @param payloads - what would be offered without this request: fresh parts and kept ones.
   * @returns the answer, or the steps that compute it.
   */
  isNeeded(payloads: PayloadSet): boolean | Steps<boolean>;
  /**
   * Whether a received body has no content, so that the held one stays, if there is one. Default: none is empty.
   *
   * @returns the answer, or the steps that compute it.
   * @throws DecodeError if it is unusable: the request has failed then.
   */
  isEmpty?(payload: Payload): boolean | Steps<boolean>;
}

/** Result of a dialect's own `prepare`, such as decrypted content. Only its `compile` reads it. */
export type Prepared = object;

/** What a configuration is compiled from. */
export interface CompileInput {
  /** The parts as received. They become `Configuration.payloads`. */
  readonly payloads: PayloadSet;
  /** Result of {@link Dialect.prepare}; `null` for a dialect without it. Not to be kept as payload. */
  readonly prepared: Prepared | null;
  /** The configuration that will be replaced; its unchanged flags may be reused. */
  readonly former: Configuration | null;
}

/** Where a vendor's configurations come from: what a source needs of a dialect, which does not interpret them. */
export interface DialectAddresses {
  /** E.g. `eppo`; part of cache names. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** Base URL that the endpoints' paths are appended to, unless the user gives one. */
  defaultBaseUrl(apiKey: string): string;
}

/** One vendor's wire format and semantics. */
export interface Dialect<Details extends object = object, Extras = unknown>
  extends DialectAddresses {
  /**
   * Whether a subject must have a key. Where it need not, `Client.evaluate` takes none: the key of the
   * subject is then `""`, and flags report what they hash by `Scope.hashedBy`.
   */
  readonly needsSubjectKey: boolean;
  /** Whether the empty string is a subject key like any other. Default: `false`, it is refused. */
  readonly takesEmptySubjectKey?: boolean;
  /**
   * Whether rules can read lists and objects in attributes. If they cannot, the native client warns of such an attribute when
   * its subject gets the default value. Default: `true`.
   */
  readonly readsNestedAttributes?: boolean;
  /** All values of `CompileIssue.code` that its configurations have; default: `malformed` alone. */
  readonly issueCodes?: readonly string[];
  /** Hints for options of the vendor's SDK that clients do not have. */
  readonly optionHints?: OptionHints;
  /**
   * Asynchronous step before `compile`, such as decryption. Called once for payloads whose bytes
   * differ from those of the current configuration. A rejection rejects the payloads.
   */
  prepare?(payloads: PayloadSet): Promise<Prepared>;
  /**
   * Compiles payloads into a configuration. Damage inside one flag is that flag's failure.
   *
   * @throws DecodeError if a payload as a whole is unusable.
   */
  compile(input: CompileInput): Configuration<Extras>;
  /** {@link compile} in steps, for dialects whose payloads may be large. */
  compileInSteps?(input: CompileInput): Steps<Configuration<Extras>>;
  /** A recorder for one evaluation, see `Scope.trace`. */
  createTrace(): Trace<Details>;
}
