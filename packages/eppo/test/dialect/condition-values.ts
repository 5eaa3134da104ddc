import { type Edge, edges, MISSING, rawNumber } from "@sortition/dialect-kit/differential";

const LONG_VERSION = `1.2.3-${"a".repeat(251)}`;

/** Condition values of comparisons. */
const ORDERING_VALUES: readonly Edge[] = edges({
  "number 5": 5,
  "number 10": 10,
  "number 10.1": 10.1,
  "number 0": 0,
  "number 1e21": 1e21,
  "number -0": rawNumber("-0"),
  "number beyond doubles": rawNumber("1e999"),
  "numeric string": "5",
  "exponent string": "1e1",
  "hex string": "0x10",
  "empty string": "",
  "blank string": " ",
  "string 1.2, not a version": "1.2",
  "string that is not a number": "abc",
  "string NaN": "NaN",
  "string Infinity": "Infinity",
  true: true,
  false: false,
  null: null,
  missing: MISSING,
  "list of a number": [5],
  "list of a version": ["1.2.3"],
  "empty list": [],
  object: {},
  version: "1.2.3",
  "other version": "10.0.0",
  "version with v": "v1.2.3",
  "version with blanks": " 1.2.3 ",
  "version with =": "=1.2.3",
  "version with leading zero": "01.2.3",
  "version of four parts": "1.2.3.4",
  "prerelease number": "1.2.3-1",
  "prerelease alpha.1": "1.2.3-alpha.1",
  "prerelease alpha.beta": "1.2.3-alpha.beta",
  "prerelease with huge number": "1.2.3-9007199254740993",
  "version with build": "1.2.3+build.9",
  "version at 2^53-1": "9007199254740991.0.0",
  "version at 2^53": "9007199254740992.0.0",
  "version of 257 characters": LONG_VERSION,
});

/** Condition values of `MATCHES` and its negation. */
const REGEX_VALUES: readonly Edge[] = edges({
  string: "US",
  anchored: "^U",
  "any character": "^.$",
  "matches the empty string": "^$",
  "empty pattern": "",
  digits: "\\d+",
  "look-behind": "(?<=U)S",
  "back-reference": "(.)\\1",
  "word boundary": "\\bUS\\b",
  "multi-line string": "^b",
  "bad: open group": "(",
  "bad: open class": "[",
  "bad: inline flag": "(?i)us",
  "unicode escape without u": "\\u{1F600}",
  number: 5,
  true: true,
  null: null,
  missing: MISSING,
  list: ["US"],
  object: {},
});

/** Condition values of `ONE_OF` and its negation. */
const LIST_VALUES: readonly Edge[] = edges({
  "one string": ["US"],
  strings: ["Canada", "US", "alice"],
  "numeric strings": ["5", "10", "10.1"],
  "strings of numbers as JavaScript writes them": ["1e+21", "1e-7", "0", "Infinity"],
  "NaN string": ["NaN"],
  "boolean strings": ["true", "false"],
  "null and undefined strings": ["null", "undefined"],
  "empty string": [""],
  "string of a list": ["a,b"],
  "string of an object": ["[object Object]"],
  "beyond ASCII": ["😀", "é"],
  "numbers in the list": [5, 10, 0],
  "booleans and null in the list": [true, false, null],
  "lists in the list": [["US"]],
  "empty list": [],
  "no list: string": "US",
  "no list: number": 5,
  "no list: null": null,
  "no list: object": {},
  "no list: missing": MISSING,
});

/** Condition values of `IS_NULL`. */
const NULL_VALUES: readonly Edge[] = edges({
  true: true,
  false: false,
  "string true": "true",
  "string false": "false",
  "empty string": "",
  0: 0,
  1: 1,
  null: null,
  missing: MISSING,
  "empty list": [],
});

/** Condition values of each operator. */
export const CONDITION_VALUES: Readonly<Record<string, readonly Edge[]>> = {
  MATCHES: REGEX_VALUES,
  NOT_MATCHES: REGEX_VALUES,
  GTE: ORDERING_VALUES,
  GT: ORDERING_VALUES,
  LTE: ORDERING_VALUES,
  LT: ORDERING_VALUES,
  ONE_OF: LIST_VALUES,
  NOT_ONE_OF: LIST_VALUES,
  IS_NULL: NULL_VALUES,
};

/** Names of all operators. */
export const OPERATOR_NAMES: readonly string[] = Object.keys(CONDITION_VALUES);

/** Operators that neither SDK supports. Such a condition is false. */
export const UNKNOWN_OPERATORS: readonly Edge[] = edges({
  "unknown operator": "CONTAINS",
  "operator in lower case": "gte",
  "operator empty": "",
  "operator null": null,
  "operator number": 5,
  "operator missing": MISSING,
  "operator of an inherited name": "constructor",
});
