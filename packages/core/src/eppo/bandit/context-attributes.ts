import type { AttributesByKind } from "../../model/attributes.js";
import type { EppoAttributes } from "../attributes.js";
import { contextOfFlat } from "./attributes.js";

/** Attributes for bandits, divided into numeric and categorical ones. */
export type ContextAttributes = AttributesByKind;

/** Creates {@link ContextAttributes}. */
export const ContextAttributes: {
  /** Returns a new object without attributes. */
  empty(): ContextAttributes;
  /**
   * Divides flat attributes by their type: numbers are numeric, strings and booleans are categorical. `null` and `undefined`
   * are omitted.
   */
  from(flat: EppoAttributes): ContextAttributes;
} = {
  empty: () => ({ numericAttributes: {}, categoricalAttributes: {} }),
  from: (flat) => {
    const known = Object.entries(flat).filter(([, value]) => (value ?? null) !== null);
    return contextOfFlat(Object.fromEntries(known));
  },
};
