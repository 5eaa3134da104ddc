import type { OptionHints } from "../errors/option-checks.js";
import type { Configuration, Payload, PayloadSet } from "./configuration.js";
import type { OpenFeatureTerms } from "./open-feature.js";
import type { Steps } from "./steps.js";
import type { Trace } from "./trace.js";

/** Credentials and SDK identity for requests to a vendor's server. */
export interface EndpointContext {
  readonly apiKey: string;
  readonly sdkName: string;
  readonly sdkVersion: string;
}

/** A query parameter. `null`: only the name, without `=`. */
export type QueryParameter = readonly [name: string, value: string | null];

/** The address of one part of a configuration. */
export interface Endpoint {
  /** Name of the part in the body. */
  readonly part: string;
  /**
   * Returns the percent-encoded path with a leading slash, which is appended to the base URL. It may contain the key,
   * so it must not be shown.
   */
  path(context: EndpointContext): string;
  /** Returns the query parameters in order, not encoded. They may contain the key, so they must not be shown. */
  query(context: EndpointContext): readonly QueryParameter[];
  /** Returns headers in addition to those of the transport. */
  headers(context: EndpointContext): Readonly<Record<string, string>>;
  /** Value of the `accept` header. `null`: it is not sent. Default: `application/json`. */
  readonly accept?: string | null;
  /**
   * Whether this part must be requested. Called after the responses of the previous endpoints.
   *
   * @param payloads - the payloads that would be offered without this request, both fresh and kept ones.
   * @returns the answer, or the steps that compute it.
   */
  isNeeded(payloads: PayloadSet): boolean | Steps<boolean>;
  /**
   * Whether a received body is empty, so that the current one is kept, if there is one. Default: no body is empty.
   *
   * @returns the answer, or the steps that compute it.
   * @throws DecodeError if the body is unusable, so that the request has failed.
   */
  isEmpty?(payload: Payload): boolean | Steps<boolean>;
}

/** Result of a dialect's own `prepare`, such as decrypted content. Only its `compile` reads it. */
export type Prepared = object;

/** The input from which a configuration is compiled. */
export interface CompileInput {
  /** The parts as received. They become `Configuration.payloads`. */
  readonly payloads: PayloadSet;
  /** Result of {@link Dialect.prepare}, or `null` for a dialect without it. It must not be kept as a payload. */
  readonly prepared: Prepared | null;
  /** The configuration to be replaced. Its unchanged flags may be reused. */
  readonly former: Configuration | null;
}

/**
 * The addresses of a vendor's configurations, which is all that a source needs from a dialect, because it does not
 * interpret configurations.
 */
export interface DialectAddresses {
  /** Name of the dialect, e.g. `eppo`. It is part of cache names. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** Returns why a key cannot request configurations, such as a key of another kind; `null`: it may. Default: any may. */
  keyProblem?(apiKey: string): string | null;
  /** Returns the base URL to which the endpoints' paths are appended, unless the user sets one. */
  defaultBaseUrl(apiKey: string): string;
}

/** One vendor's wire format and semantics. */
export interface Dialect<Details extends object = object, Extras = unknown>
  extends DialectAddresses {
  /**
   * Whether a subject must have a key. If not, `Client.evaluate` accepts calls without one. The subject's key is then
   * `""`, and flags report what they hash with `Scope.hashedBy`.
   */
  readonly needsSubjectKey: boolean;
  /** Whether the empty string is a valid subject key. Default: `false`, it is rejected. */
  readonly takesEmptySubjectKey?: boolean;
  readonly openFeature: OpenFeatureTerms<Details>;
  /** All values of `CompileIssue.code` in its configurations. Default: only `malformed`. */
  readonly issueCodes?: readonly string[];
  /** Hints for options of the vendor's SDK that clients do not have. */
  readonly optionHints?: OptionHints;
  /**
   * Asynchronous step before `compile`, such as decryption. Called once for payloads whose bytes
   * differ from those of the current configuration. A rejection rejects the payloads.
   */
  prepare?(payloads: PayloadSet): Promise<Prepared>;
  /**
   * Compiles payloads into a configuration. Damage inside a flag only affects that flag.
   *
   * @throws DecodeError if a whole payload is unusable.
   */
  compile(input: CompileInput): Configuration<Extras>;
  /** Like {@link compile}, but in steps, for dialects whose payloads may be large. */
  compileInSteps?(input: CompileInput): Steps<Configuration<Extras>>;
  /** Creates a recorder for one evaluation, see `Scope.trace`. */
  createTrace(): Trace<Details>;
}
