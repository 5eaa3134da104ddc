/** A value that a caller may give by mistake, or because a file of settings has only strings. */
export interface OddValue {
  readonly name: string;
  /** A new one for each call: callees may keep or change what they are given. */
  create(): unknown;
}

/** The values that are put to every input. */
export const ODD_VALUES: readonly OddValue[] = [
  ...[null, undefined, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9, true, false].map(
    (value) => ({ name: String(value), create: () => value }),
  ),
  ...["3", "true", "false", "", "text"].map((value) => ({
    name: JSON.stringify(value),
    create: () => value,
  })),
  { name: "{}", create: () => ({}) },
  { name: "[]", create: () => [] },
];
