import type { Attributes } from "./attributes.js";

/** The unit that is assigned. The attributes are the caller's own object, never copied on the hot path. */
export interface Subject {
  readonly key: string;
  readonly attributes: Attributes;
  /**
   * Whether the attributes inherit from `Object.prototype` alone. `null`: the first reader of an attribute
   * finds out, and sets it. Absent: each reader finds out by itself.
   */
  arePlain?: boolean | null;
}
