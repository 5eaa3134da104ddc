import { OptionError } from "@sortition/core";
import {
  absent,
  type Condition,
  doesNotMatch,
  type Given,
  gt,
  gte,
  lt,
  lte,
  matches,
  noneOf,
  present,
  rollout,
  split,
  type TestFlags,
} from "../../src/index.js";

/** Type of a flag, named like the builder's method. */
export type Type = "boolean" | "string" | "integer" | "number" | "json";

/** A call of a getter. */
export interface Asked {
  readonly flagKey: string;
  readonly type: Type;
  readonly subjectKey: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Result of a builder program. */
export interface Program {
  readonly asked: readonly Asked[];
  /** Error messages of calls that the format cannot express. */
  readonly refused: readonly string[];
}

/** Default values of the callers, which are not values of any variation. */
export const DEFAULTS = {
  boolean: true,
  string: "default",
  integer: -1,
  number: -1,
  json: { default: true },
} as const;

const TYPES = Object.keys(DEFAULTS) as Type[];
const SUBJECTS = 3;
const MAX_FLAGS = 3;

/** Describes flags with random calls, and generates random getter calls. */
export function runProgram(
  flags: TestFlags,
  random: () => number,
  isFormatError: (problem: string) => boolean,
): Program {
  const below = (count: number): number => Math.floor(random() * count);
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T; // no list is empty
  const refused: string[] = [];
  const attempt = (call: () => unknown): void => {
    try {
      call();
    } catch (error) {
      if (!(error instanceof OptionError && isFormatError(error.message))) throw error;
      refused.push(error.message);
    }
  };

  const outcomeOf = (variations: readonly string[]): Given => {
    if (random() < 0.5) return oneOf(variations);
    const sum = oneOf([100, 100, 60, 30]);
    const cut = oneOf([0, 0.01, 1, 12.5, 50, 99.5, 100]);
    const [first, second] = random() < 0.5 ? variations : variations.toReversed();
    const shares = {
      [first as string]: Math.round(cut * sum) / 100,
      ...(second === undefined ? {} : { [second]: sum - Math.round(cut * sum) / 100 }),
    };
    return random() < 0.7 ? split(shares) : rollout(shares);
  };

  const describeFlag = (key: string, type: Type): void => {
    const flag = begin(flags, key, type);
    attempt(() => flag.declare());
    const { names } = flag;
    if (random() < 0.1) {
      attempt(oneOf([flag.missing, flag.disabled]));
      return;
    }
    for (let rules = below(4); rules > 0; rules--) {
      const given = outcomeOf(names);
      attempt(() => {
        if (random() < 0.3) return flag.forSubject(oneOf(["subject-1", "subject-2"]), given);
        const [name, values] = oneOf(CONDITIONS);
        const [other, more] = oneOf(CONDITIONS);
        return flag.when({ [other]: oneOf(more), [name]: oneOf(values) }, given);
      });
    }
    if (random() < 0.8) attempt(() => flag.otherwise(outcomeOf(names)));
  };

  const asked: Asked[] = [];
  for (let flagsLeft = 1 + below(MAX_FLAGS); flagsLeft > 0; flagsLeft--) {
    const [flagKey, type] = [`flag-${below(1e6)}`, oneOf(TYPES)];
    describeFlag(flagKey, type);
    for (let subject = 0; subject < SUBJECTS; subject++) {
      const subjectKey = `subject-${subject}`;
      asked.push({ flagKey, type, subjectKey, attributes: attributesOf(random, oneOf) });
    }
  }
  return { asked, refused };
}

const CONDITIONS: readonly (readonly [string, readonly Condition[]])[] = [
  ["country", ["DK", ["DK", "SE"], noneOf("DK"), matches(/^[DS]/), doesNotMatch("K$"), present()]],
  ["age", [18, gt(17), gte(30), lt(30), lte(17.5)]],
  ["appVersion", [gt("2.2.9"), gte("2.3.0"), lt("2.3.0"), lte("2.10.0")]],
  ["plan", ["pro", ["pro", "team"], noneOf("free", "pro"), absent(), present()]],
  ["beta", [true, false]],
];

function attributesOf(
  random: () => number,
  oneOf: <T>(values: readonly T[]) => T,
): Asked["attributes"] {
  const all: readonly (readonly [string, readonly (string | number | boolean)[]])[] = [
    ["country", ["DK", "SE", "NO"]],
    ["age", [17, 18, 30]],
    ["appVersion", ["2.2.0", "2.3.0", "2.10.1"]],
    ["plan", ["free", "pro"]],
    ["beta", [true, false]],
  ];
  const given = all.filter(() => random() < 0.85);
  return Object.fromEntries(given.map(([name, values]) => [name, oneOf(values)]));
}

/** The methods of a builder, without the types of its values. */
interface AnyFlag {
  readonly names: readonly string[];
  declare(): unknown;
  when(conditions: Readonly<Record<string, Condition>>, given: Given): unknown;
  forSubject(subjectKey: string, given: Given): unknown;
  otherwise(given: Given): unknown;
  missing(): unknown;
  disabled(): unknown;
}

function begin(flags: TestFlags, key: string, type: Type): AnyFlag {
  const [flag, declare, names] = ((): [
    ReturnType<TestFlags["boolean" | "string"]>,
    () => unknown,
    string[],
  ] => {
    switch (type) {
      case "boolean":
        return [flags.boolean(key), () => {}, ["on", "off"]];
      case "string": {
        const it = flags.string(key);
        return [it, () => it.variations("fast", "standard"), ["fast", "standard"]];
      }
      case "json": {
        const it = flags.json(key);
        return [it as never, () => it.variations({ a: { n: 1 }, b: { list: [] } }), ["a", "b"]];
      }
      default: {
        const it = flags[type](key);
        return [it as never, () => it.variations({ low: 10, high: 100 }), ["low", "high"]];
      }
    }
  })();
  return {
    names,
    declare,
    when: (conditions, given) => flag.when(conditions).give(given),
    forSubject: (subjectKey, given) => flag.forSubject(subjectKey).give(given),
    otherwise: (given) => flag.otherwise(given),
    missing: () => flag.missing(),
    disabled: () => flag.disabled(),
  };
}
