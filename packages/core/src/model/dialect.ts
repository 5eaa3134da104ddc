import type { Configuration, PayloadSet } from "./configuration.js";
import type { Steps } from "./steps.js";
import type { Trace } from "./trace.js";

/** Who asks a vendor's server. */
export interface EndpointContext {
  readonly apiKey: string;
  readonly sdkName: string;
  readonly sdkVersion: string;
}

/** Where one part of a configuration is fetched from. */
export interface Endpoint {
  /** Name of the part that the body becomes. */
  readonly part: string;
  /** Path below the base URL, with a leading slash. */
  readonly path: string;
  /** Query parameters. They may carry the key: never to be shown. */
  query(context: EndpointContext): Readonly<Record<string, string>>;
  /** Headers beside the transport's own. */
  headers(context: EndpointContext): Readonly<Record<string, string>>;
  /**
   * Whether this part has to be requested, now that the endpoints before it have answered.
   *
   * @param payloads - what would be offered without this request: fresh parts and kept ones.
   * @returns the answer, or the work that it takes to find it.
   */
  isNeeded(payloads: PayloadSet): boolean | Steps<boolean>;
}

/** One vendor's wire format and semantics. */
export interface Dialect<Details extends object = object> {
  /** E.g. `eppo`; part of cache names. */
  readonly name: string;
  /** All values of `CompileIssue.code` that its configurations have; default: `malformed` alone. */
  readonly issueCodes?: readonly string[];
  readonly endpoints: readonly Endpoint[];
  /** Base URL that the endpoints' paths are appended to, unless the user gives one. */
  defaultBaseUrl(apiKey: string): string;
  /** Asynchronous step before `compile`, such as decryption. */
  prepare?(payloads: PayloadSet): Promise<PayloadSet>;
  /**
   * Makes a configuration. Damage inside one flag is that flag's failure.
   *
   * @param former - the configuration that this one will replace, whose unchanged flags may be reused.
   * @throws DecodeError if a payload as a whole is unusable.
   */
  compile(payloads: PayloadSet, former: Configuration | null): Configuration;
  /** {@link compile} in steps, for dialects of which payloads may be large. */
  compileInSteps?(payloads: PayloadSet, former: Configuration | null): Steps<Configuration>;
  /** A recorder for one evaluation, see `Scope.trace`. */
  createTrace(): Trace<Details>;
}
