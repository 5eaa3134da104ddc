import type { Attributes } from "../../model/attributes.js";
import type { ValueType } from "../../model/flag.js";

/** One evaluation by a drop-in, see `Client.evaluate`. */
export interface EvaluationRequest<Extras = unknown> {
  readonly flagKey: string;
  /**
   * May be absent if `Dialect.needsSubjectKey` is false: an exposure then has what the vendor hashes as its
   * subject, or is not logged.
   */
  readonly subjectKey?: string | null | undefined;
  readonly subjectAttributes?: Attributes | null;
  /** Returned if nothing is assigned; default: `undefined`. */
  readonly defaultValue?: unknown;
  /**
   * Type that the value must have; default: `null`, any. `"number"`: an integer or numeric flag or, where
   * the value decides, a finite number.
   */
  readonly expectedType?: ValueType | "number" | null;
  /** What the dialect takes besides attributes, see `Scope.extras`. */
  readonly extras?: Extras | null;
  /** Whether the caller evaluates several flags at once; observers see it. Default: no. */
  readonly isBulk?: boolean;
}
