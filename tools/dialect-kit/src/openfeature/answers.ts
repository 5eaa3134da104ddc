import type { PAYLOADS } from "./payloads.js";

/** The evaluation context of all calls of the table. */
export const CONTEXT = { targetingKey: "alice", plan: "gold" } as const;

/** Default values. A boolean's default is the opposite of the expected value. */
export const DEFAULTS = {
  string: "default",
  number: -1,
  object: { default: 1 },
  list: ["default"],
} as const;

export type Getter = "boolean" | keyof typeof DEFAULTS;

export const GETTERS: readonly Getter[] = ["boolean", "string", "number", "object", "list"];

/**
 * Result of each getter for each flag: value, variant, reason and number of logged events. If the
 * getter returns the default value without a variant: reason or code, and the number of events, if
 * any.
 */
const ANSWERS: Readonly<Record<keyof typeof PAYLOADS, string>> = {
  eppo: `
              | boolean          | string                     | number                       | object               | list
    boolean   | true v STATIC 1  | TYPE_MISMATCH              | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    false     | false v STATIC 1 | TYPE_MISMATCH              | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    string    | TYPE_MISMATCH    | "blue" v TARGETING_MATCH 1 | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    empty     | TYPE_MISMATCH    | "" v STATIC 1              | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    integer   | TYPE_MISMATCH    | TYPE_MISMATCH              | 9007199254740991 v DEFAULT 1 | TYPE_MISMATCH        | TYPE_MISMATCH
    zero      | TYPE_MISMATCH    | TYPE_MISMATCH              | 0 v STATIC 1                 | TYPE_MISMATCH        | TYPE_MISMATCH
    fraction  | TYPE_MISMATCH    | TYPE_MISMATCH              | 0.5 v SPLIT 1                | TYPE_MISMATCH        | TYPE_MISMATCH
    object    | TYPE_MISMATCH    | TYPE_MISMATCH              | TYPE_MISMATCH                | {"n":[1]} v STATIC 1 | TYPE_MISMATCH 1
    list      | TYPE_MISMATCH    | TYPE_MISMATCH              | TYPE_MISMATCH                | TYPE_MISMATCH 1      | [1] v STATIC 1
    blank     | TYPE_MISMATCH    | TYPE_MISMATCH              | TYPE_MISMATCH                | {} v STATIC 1        | TYPE_MISMATCH 1
    none      | DEFAULT          | TYPE_MISMATCH              | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    disabled  | DISABLED         | TYPE_MISMATCH              | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    malformed | PARSE_ERROR      | PARSE_ERROR                | PARSE_ERROR                  | PARSE_ERROR          | PARSE_ERROR
    missing   | FLAG_NOT_FOUND   | FLAG_NOT_FOUND             | FLAG_NOT_FOUND               | FLAG_NOT_FOUND       | FLAG_NOT_FOUND`,
  growthbook: `
              | boolean          | string                     | number                       | object               | list
    boolean   | true - STATIC 0  | TYPE_MISMATCH              | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    false     | false - STATIC 0 | TYPE_MISMATCH              | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    string    | TYPE_MISMATCH    | "blue" - TARGETING_MATCH 0 | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    empty     | TYPE_MISMATCH    | "" - STATIC 0              | TYPE_MISMATCH                | TYPE_MISMATCH        | TYPE_MISMATCH
    integer   | TYPE_MISMATCH    | TYPE_MISMATCH              | 9007199254740991 - DEFAULT 0 | TYPE_MISMATCH        | TYPE_MISMATCH
    zero      | TYPE_MISMATCH    | TYPE_MISMATCH              | 0 - STATIC 0                 | TYPE_MISMATCH        | TYPE_MISMATCH
    fraction  | TYPE_MISMATCH    | TYPE_MISMATCH              | 0.5 0 SPLIT 1                | TYPE_MISMATCH 1      | TYPE_MISMATCH 1
    object    | TYPE_MISMATCH    | TYPE_MISMATCH              | TYPE_MISMATCH                | {"n":[1]} - STATIC 0 | TYPE_MISMATCH
    list      | TYPE_MISMATCH    | TYPE_MISMATCH              | TYPE_MISMATCH                | TYPE_MISMATCH        | [1] - STATIC 0
    blank     | TYPE_MISMATCH    | TYPE_MISMATCH              | TYPE_MISMATCH                | {} - STATIC 0        | TYPE_MISMATCH
    none      | DEFAULT          | DEFAULT                    | DEFAULT                      | DEFAULT              | DEFAULT
    disabled  | DISABLED         | DISABLED                   | DISABLED                     | DISABLED             | DISABLED
    cyclic    | GENERAL          | GENERAL                    | GENERAL                      | GENERAL              | GENERAL
    malformed | PARSE_ERROR      | PARSE_ERROR                | PARSE_ERROR                  | PARSE_ERROR          | PARSE_ERROR
    missing   | FLAG_NOT_FOUND   | FLAG_NOT_FOUND             | FLAG_NOT_FOUND               | FLAG_NOT_FOUND       | FLAG_NOT_FOUND`,
  amplitude: `
              | boolean                  | string                         | number                       | object               | list
    boolean   | true v STATIC 1          | DEFAULT                        | DEFAULT                      | DEFAULT              | DEFAULT
    false     | false off STATIC 0       | DEFAULT                        | DEFAULT                      | DEFAULT              | DEFAULT
    string    | true v TARGETING_MATCH 1 | "blue" v TARGETING_MATCH 1     | TYPE_MISMATCH                | DEFAULT              | DEFAULT
    empty     | true v STATIC 1          | "" v STATIC 1                  | TYPE_MISMATCH                | DEFAULT              | DEFAULT
    integer   | true v DEFAULT 1         | "9007199254740991" v DEFAULT 1 | 9007199254740991 v DEFAULT 1 | DEFAULT              | DEFAULT
    zero      | true v STATIC 1          | "0" v STATIC 1                 | 0 v STATIC 1                 | DEFAULT              | DEFAULT
    fraction  | true v SPLIT 1           | "0.5" v SPLIT 1                | 0.5 v SPLIT 1                | DEFAULT              | DEFAULT
    object    | true v STATIC 1          | DEFAULT                        | DEFAULT                      | {"n":[1]} v STATIC 1 | TYPE_MISMATCH 1
    list      | true v STATIC 1          | DEFAULT                        | DEFAULT                      | TYPE_MISMATCH 1      | [1] v STATIC 1
    blank     | true v STATIC 1          | DEFAULT                        | DEFAULT                      | {} v STATIC 1        | TYPE_MISMATCH 1
    none      | DEFAULT                  | DEFAULT                        | DEFAULT                      | DEFAULT              | DEFAULT
    malformed | PARSE_ERROR              | PARSE_ERROR                    | PARSE_ERROR                  | PARSE_ERROR          | PARSE_ERROR
    missing   | FLAG_NOT_FOUND           | FLAG_NOT_FOUND                 | FLAG_NOT_FOUND               | FLAG_NOT_FOUND       | FLAG_NOT_FOUND`,
  posthog: `
               | boolean                     | string                        | number                          | object                  | list
    boolean    | true true STATIC 1          | TYPE_MISMATCH                 | DEFAULT                         | DEFAULT                 | DEFAULT
    false      | false - DEFAULT 1           | DEFAULT                       | DEFAULT                         | DEFAULT                 | DEFAULT
    string     | true blue TARGETING_MATCH 1 | "blue" blue TARGETING_MATCH 1 | TYPE_MISMATCH 1                 | DEFAULT                 | DEFAULT
    integer    | true true DEFAULT 1         | TYPE_MISMATCH                 | 9007199254740991 true DEFAULT 1 | TYPE_MISMATCH 1         | TYPE_MISMATCH 1
    zero       | true true STATIC 1          | TYPE_MISMATCH                 | 0 true STATIC 1                 | TYPE_MISMATCH 1         | TYPE_MISMATCH 1
    fraction   | true 0.5 STATIC 1           | "0.5" 0.5 STATIC 1            | 0.5 0.5 STATIC 1                | DEFAULT                 | DEFAULT
    variants   | true b SPLIT 1              | "b" b SPLIT 1                 | TYPE_MISMATCH 1                 | DEFAULT                 | DEFAULT
    share      | true true SPLIT 1           | TYPE_MISMATCH                 | DEFAULT                         | DEFAULT                 | DEFAULT
    object     | true true STATIC 1          | TYPE_MISMATCH                 | TYPE_MISMATCH                   | {"n":[1]} true STATIC 1 | TYPE_MISMATCH 1
    list       | true true STATIC 1          | TYPE_MISMATCH                 | TYPE_MISMATCH                   | TYPE_MISMATCH 1         | [1] true STATIC 1
    blank      | true true STATIC 1          | TYPE_MISMATCH                 | TYPE_MISMATCH                   | {} true STATIC 1        | TYPE_MISMATCH 1
    disabled   | false - DISABLED 1          | DISABLED                      | DISABLED                        | DISABLED                | DISABLED
    unresolved | GENERAL                     | GENERAL                       | GENERAL                         | GENERAL                 | GENERAL
    malformed  | GENERAL                     | GENERAL                       | GENERAL                         | GENERAL                 | GENERAL
    missing    | FLAG_NOT_FOUND              | FLAG_NOT_FOUND                | FLAG_NOT_FOUND                  | FLAG_NOT_FOUND          | FLAG_NOT_FOUND`,
};

/**
 * Returns the rows of a dialect's table: the key of a flag, then the result of each getter, in the
 * order of {@link GETTERS}.
 */
export function rowsOf(name: keyof typeof PAYLOADS): readonly (readonly string[])[] {
  const [, ...lines] = ANSWERS[name].trim().split("\n");
  return lines.map((line) => line.split("|").map((cell) => cell.trim()));
}
