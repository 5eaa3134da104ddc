import type { Attributes } from "./attributes.js";

/**
 * The unit to which variations are assigned. The attributes are the caller's own object, which is never copied on the
 * hot path.
 */
export interface Subject {
  readonly key: string;
  readonly attributes: Attributes;
  /**
   * Whether the attributes inherit only from `Object.prototype`. `null`: the first reader of an attribute checks and
   * sets it. Absent: each reader checks it.
   */
  arePlain?: boolean | null;
}
