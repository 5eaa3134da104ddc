import type { Attributes } from "./attributes.js";

/** Who is assigned. The attributes are the caller's own object, never copied on the hot path. */
export interface Subject {
  readonly key: string;
  readonly attributes: Attributes;
  /**
   * Whether the attributes are known to inherit from `Object.prototype` alone. An evaluation notes it
   * while many conditions read them; whoever makes a subject may leave it out.
   */
  arePlain?: boolean;
}
