/** How the rules of a dialect name the attributes that callers pass. */
export interface AttributeNames {
  /** Attributes that evaluations read even if no rule names them. */
  readonly always: ReadonlySet<string>;
  /** Attributes that evaluations replace with what they look up. Default: none. */
  readonly lookedUp?: ReadonlySet<string>;
  /** Whether a name with dots is a path into nested attributes. Default: false. */
  readonly hasPaths?: boolean;
  /** Where payloads have the names of attributes: as string values, or as names of members. Default: `values`. */
  readonly writtenAs?: "values" | "members";
}
