/**
 * One attribute of a subject: any JSON value. `null` and `undefined` both mean that it is not known.
 * Which kinds of values conditions understand is up to the dialect.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** Attributes of a subject by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Attributes that are not nested. */
export type ScalarAttributes = Readonly<
  Record<string, string | number | boolean | null | undefined>
>;

/** Attributes by kind, as bandits take them. Values are passed on to events unconverted. */
export interface AttributesByKind {
  /** Used as numbers; a value that is not a finite number counts as missing. */
  readonly numericAttributes: ScalarAttributes;
  /** Compared as strings; `null`, `undefined` and `""` count as missing. */
  readonly categoricalAttributes: ScalarAttributes;
}
