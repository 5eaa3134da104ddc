import type { ContextAttributes as AttributesByKind } from "../../model/attributes.js";
import type { EppoAttributes } from "../attributes.js";
import { contextOfFlat } from "./attributes.js";

/** Attributes apart by kind, as bandits see them. */
export type ContextAttributes = AttributesByKind;

/** Makes attributes that are apart by kind. */
export const ContextAttributes: {
  /** No attributes. A fresh object for each caller. */
  empty(): ContextAttributes;
  /**
   * Takes flat attributes apart: numbers are numeric, texts and booleans categorical; `null` and
   * `undefined` are left out.
   */
  from(flat: EppoAttributes): ContextAttributes;
} = {
  empty: () => ({ numericAttributes: {}, categoricalAttributes: {} }),
  from: (flat) => {
    const known = Object.entries(flat).filter(([, value]) => (value ?? null) !== null);
    return contextOfFlat(Object.fromEntries(known));
  },
};
