import type { Attributes } from "../../model/attributes.js";
import type { ValueType } from "../../model/flag.js";
import type { Getters } from "./mistake-texts.js";

/** The type that a caller expects. `"number"`: integer or numeric. `null`: any type. */
export type ExpectedType = ValueType | "number" | null;

/** An evaluation for a drop-in, see `Client.evaluate`. */
export interface EvaluationRequest<Extras = unknown> {
  readonly flagKey: string;
  /**
   * May be absent if `Dialect.needsSubjectKey` is false. The subject of an exposure is then the value that the vendor
   * hashes; without one, it is not logged.
   */
  readonly subjectKey?: string | null | undefined;
  readonly subjectAttributes?: Attributes | null;
  /** Returned if nothing is assigned. Default: `undefined`. */
  readonly defaultValue?: unknown;
  /**
   * Required type of the value. `"number"`: an integer or numeric flag or, if the value decides, a finite number.
   * Default: `null`, any type.
   */
  readonly expectedType?: ExpectedType;
  /** The values that the dialect needs in addition to attributes, see `Scope.extras`. */
  readonly extras?: Extras | null;
  /** Whether the caller evaluates several flags at once. Observers receive this. Default: false. */
  readonly isBulk?: boolean;
  /**
   * Names of the caller's getters by type. With them, mistakes are reported once to diagnostics, as for the getters of a client.
   * Default: mistakes are only counted, because drop-ins have their own messages.
   */
  readonly getters?: Getters | undefined;
}
