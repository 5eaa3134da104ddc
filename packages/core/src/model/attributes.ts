/** One attribute of a subject. `null` and `undefined` both mean "not known". */
export type AttributeValue = string | number | boolean | null | undefined;

/** What is known about a subject, by attribute name. Only own properties are read. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Attributes apart by kind, as bandits see them. Values are passed on to events unconverted. */
export interface ContextAttributes {
  /** Counted as they are; what is no finite number counts as missing. */
  readonly numericAttributes: Attributes;
  /** Compared by their text; `null`, `undefined` and `""` count as missing. */
  readonly categoricalAttributes: Attributes;
}
