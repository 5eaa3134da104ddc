/** A value that a caller may pass by mistake, or because a settings file has only strings. */
export interface OddValue {
  readonly name: string;
  /** Creates a new value for each call, because callees may keep or change it. */
  create(): unknown;
}

/** The values passed to every input. */
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

/** Values for members of open types, including values that JSON changes, drops or rejects. */
export const ODD_CONTENTS: readonly OddValue[] = [
  ...ODD_VALUES,
  { name: "-0", create: () => -0 },
  { name: "a bigint", create: () => 12n },
  { name: "a symbol", create: () => Symbol.for("odd") },
  { name: "a function", create: () => ignore },
  { name: "a date", create: () => new Date(1_700_000_000_000) },
  { name: "no date", create: () => new Date(Number.NaN) },
  { name: "a map", create: () => new Map([["a", 1]]) },
  { name: "an error", create: failure },
  { name: "with holes", create: () => ({ a: undefined, b: [undefined, ignore], c: Number.NaN }) },
  { name: "with toJSON", create: () => ({ toJSON: () => "as JSON" }) },
  { name: "a cycle", create: cycle },
  { name: "half a character", create: () => "\ud83d" },
];

function ignore(): void {}

/** Creates an error whose stack is the same each time. */
function failure(): Error {
  return Object.assign(new RangeError("boom"), { stack: "RangeError: boom" });
}

function cycle(): object {
  const round: Record<string, unknown> = { a: 1 };
  round["self"] = round;
  return round;
}
