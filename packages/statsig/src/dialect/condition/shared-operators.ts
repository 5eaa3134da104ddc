import type { Operator } from "../evaluation/sdk-rules.js";

/** Tests a list of values, of which `has` finds one, against all values of a target. */
export type ListTest = <T>(has: (it: T) => boolean, all: readonly T[]) => boolean;

type Comparing<T> = (test: (value: T, bound: T) => boolean) => Operator;

/** How an SDK reads the values that it compares. */
interface Reading {
  readonly numbers: Comparing<number>;
  readonly texts: Comparing<string>;
  readonly times: Comparing<number>;
  readonly versions: (test: (order: number) => boolean) => Operator;
  readonly lists: (test: ListTest) => Operator;
}

/** Returns the operators that both SDKs have, apart from how they read values. */
export function sharedOperators({
  lists,
  numbers,
  texts,
  times,
  versions,
}: Reading): Readonly<Record<string, Operator>> {
  return {
    gt: numbers((value, bound) => value > bound),
    gte: numbers((value, bound) => value >= bound),
    lt: numbers((value, bound) => value < bound),
    lte: numbers((value, bound) => value <= bound),
    version_gt: versions((order) => order > 0),
    version_gte: versions((order) => order >= 0),
    version_lt: versions((order) => order < 0),
    version_lte: versions((order) => order <= 0),
    version_eq: versions((order) => order === 0),
    version_neq: versions((order) => order !== 0),
    str_starts_with_any: texts((value, it) => value.startsWith(it)),
    str_ends_with_any: texts((value, it) => value.endsWith(it)),
    str_contains_any: texts((value, it) => value.includes(it)),
    str_contains_none: not(texts((value, it) => value.includes(it))),
    before: times((value, bound) => value < bound),
    after: times((value, bound) => value > bound),
    array_contains_any: lists((has, all) => all.some(has)),
    array_contains_none: lists((has, all) => !all.some(has)),
    array_contains_all: lists((has, all) => all.every(has)),
    not_array_contains_all: lists((has, all) => !all.every(has)),
  };
}

export function not(operator: Operator): Operator {
  return (...given) => {
    const test = operator(...given);
    return (value) => !test(value);
  };
}
