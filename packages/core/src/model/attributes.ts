/** One attribute of a subject. `null` and `undefined` both mean "not known". */
export type AttributeValue = string | number | boolean | null | undefined;

/** What is known about a subject, by attribute name. Only own properties are read. */
export type Attributes = Readonly<Record<string, AttributeValue>>;
