/** The values that any getter of a `TypedClient` returns for a flag. */
export type AnyValue<Flag> = Flag[Exclude<keyof Flag, "default">];

/** The default values that a flag of a `TypedClient` accepts. */
export type AnyDefault<Flag> =
  | AnyValue<Flag>
  | ("default" extends keyof Flag ? Exclude<Flag["default"], undefined> : never);
