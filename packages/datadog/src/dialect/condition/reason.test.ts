import type { ConditionWire } from "@sortition/core/eppo";
import { expect, it } from "vitest";
import { compileCondition } from "./condition.js";
import { reasonOf } from "./reason.js";

const MISSING = "it has no value, so only IS_NULL matches";
const VALUES: Readonly<Record<string, unknown>> = {
  missing: undefined,
  null: null,
  text: "b",
  version: "1.2.3",
  number: 5,
  decimal: "18",
  truth: true,
  list: ["b"],
  object: {},
};

type Name = keyof typeof VALUES;

/** Reasons by operator and attribute. Each number and version is compared with one that is equal, smaller and greater. */
const REASONS: readonly (readonly [string, unknown, Readonly<Record<Name, string>>])[] = [
  [
    "IS_NULL",
    true,
    {
      missing: "it has no value",
      null: "it has no value",
      text: '"b" is a value',
      number: '"5" is a value',
      truth: '"true" is a value',
      list: "a list is a value",
      object: "an object is a value",
    },
  ],
  [
    "GTE",
    18,
    {
      missing: MISSING,
      null: MISSING,
      text: '"b" is not a number',
      version: '"1.2.3" is not a number',
      number: "5 is not >= 18",
      decimal: "18 is >= 18",
      truth: '"true" is not a number',
      list: "a list is not a number",
      object: "an object is not a number",
    },
  ],
  ["GT", 18, { missing: MISSING, number: "5 is not > 18", decimal: "18 is not > 18" }],
  ["LTE", 5, { missing: MISSING, number: "5 is <= 5", decimal: "18 is not <= 5" }],
  ["LT", 18, { missing: MISSING, number: "5 is < 18", decimal: "18 is not < 18" }],
  [
    "SEMVER_EQ",
    "1.2.3",
    {
      missing: MISSING,
      null: MISSING,
      text: '"b" is not a version',
      version: "1.2.3 is = 1.2.3, as versions",
      number: '"5" is not a version',
      decimal: "18 is not = 1.2.3, as versions",
      truth: '"true" is not a version',
      list: "a list is not a version",
      object: "an object is not a version",
    },
  ],
  ["SEMVER_NEQ", "1.2.3", { null: MISSING, version: "1.2.3 is not != 1.2.3, as versions" }],
  ["SEMVER_GTE", "2.0.0", { null: MISSING, version: "1.2.3 is not >= 2.0.0, as versions" }],
  ["SEMVER_GT", "1.0.0", { null: MISSING, version: "1.2.3 is > 1.0.0, as versions" }],
  ["SEMVER_LTE", "1.2.3", { null: MISSING, version: "1.2.3 is <= 1.2.3, as versions" }],
  ["SEMVER_LT", "1.2.3", { null: MISSING, version: "1.2.3 is not < 1.2.3, as versions" }],
  [
    "ONE_OF",
    ["b", "5"],
    {
      missing: MISSING,
      null: MISSING,
      text: '"b" is listed',
      version: '"1.2.3" is not listed',
      number: '"5" is listed',
      truth: '"true" is not listed',
      list: "a list cannot be compared with strings",
      object: "an object cannot be compared with strings",
    },
  ],
  [
    "NOT_ONE_OF",
    ["b"],
    {
      missing: MISSING,
      text: '"b" is listed',
      number: '"5" is not listed',
      list: "a list cannot be compared with strings",
    },
  ],
  [
    "MATCHES",
    "^b",
    {
      null: MISSING,
      text: 'the pattern is found in "b"',
      number: 'the pattern is not found in "5"',
      object: "an object cannot be compared with strings",
    },
  ],
  [
    "NOT_MATCHES",
    "^b",
    {
      null: MISSING,
      text: 'the pattern is found in "b"',
      number: 'the pattern is not found in "5"',
      object: "an object cannot be compared with strings",
    },
  ],
];

it.each(REASONS)("explains the outcome of %s %s", (operator, value, reasons) => {
  const condition = { attribute: "x", operator, value } as ConditionWire;
  const holds = compileCondition(
    condition,
    ({ attributes }) => attributes["x"],
    (pattern) => pattern,
  );
  const explained = Object.keys(reasons).map((name) => {
    const attributes = { x: VALUES[name] };
    const description = { attribute: "x", operator, expected: value, problem: null };
    return [
      name,
      reasonOf(description as never, VALUES[name], holds({ key: "u", attributes } as never)),
    ];
  });
  expect(Object.fromEntries(explained)).toEqual(reasons);
});
