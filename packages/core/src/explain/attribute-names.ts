import type { Configuration } from "../model/configuration.js";
import type { ConditionDescription } from "./description.js";

/** A comparison of an attribute. */
export type Comparison = Pick<ConditionDescription, "attribute" | "expected" | "operator">;

/** How the rules of a dialect name the attributes that callers pass. */
export interface AttributeNames {
  /** Attributes that evaluations read even if no rule names them. */
  readonly always: ReadonlySet<string>;
  /** Attributes that evaluations replace with what they look up. Default: none. */
  readonly lookedUp?: ReadonlySet<string>;
  /** Where payloads have the names of attributes: as string values, or as names of members. Default: `values`. */
  readonly writtenAs?: "values" | "members";
  /** Returns the name under which callers pass an attribute; `null` if they cannot pass it. Default: the same name. */
  nameOf?(comparison: Comparison): string | null;
  /** Returns the comparisons in a condition that groups several. Default: the condition itself. */
  comparisonsIn?(
    condition: ConditionDescription,
    configuration: Configuration,
  ): readonly Comparison[];
}
