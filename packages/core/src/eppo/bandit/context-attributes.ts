import type { AttributesByKind } from "../../model/attributes.js";
import type { EppoAttributes } from "../attributes.js";
import { contextOfFlat } from "./attributes.js";

/** Attributes by kind, for bandits. */
export type ContextAttributes = AttributesByKind;

/** Creates attributes by kind. */
export const ContextAttributes: {
  /** Returns no attributes, as a new object for each caller. */
  empty(): ContextAttributes;
  /**
   * Splits flat attributes by kind: numbers are numeric, strings and booleans are categorical. `null` and `undefined`
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
