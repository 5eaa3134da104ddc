import {
  expectArray,
  expectNumber,
  expectObject,
  expectString,
  isJsonObject,
  type JsonObject,
} from "@sortition/core/dialect";

/** `["gold", "silver"]`, `{ "above": 18 }` or `{ "prefix": "go" }` */
export type TestWire =
  | { readonly operator: "in"; readonly expected: readonly unknown[] }
  | { readonly operator: "above"; readonly expected: number }
  | { readonly operator: "prefix"; readonly expected: string };

/** `{ "when": { "plan.tier": ["gold"] }, "cohort": null, "percent": 50, "variation": "on" }` */
export interface RuleWire {
  readonly when: readonly (readonly [path: string, test: TestWire])[];
  readonly cohort: string | null;
  readonly percent: number;
  readonly variation: string;
}

/** `{ "key": "a", "requires": { "b": "on" }, "rules": […], "variations": { "on": { "boolean": true } } }` */
export interface FlagWire {
  /** Flags that must have a certain variation. */
  readonly requires: readonly (readonly [flag: string, variation: unknown])[];
  /** The first matching rule decides. */
  readonly rules: readonly RuleWire[];
  /** Values of each variation by type of getter. */
  readonly variations: JsonObject;
}

/** @throws DecodeError that names the first malformed member. */
export function decodeFlag(raw: unknown, path: string): FlagWire {
  const { requires = {}, rules, variations } = expectObject(raw, path);
  return {
    requires: Object.entries(expectObject(requires, `${path}.requires`)),
    rules: expectArray(rules, `${path}.rules`).map((it, i) =>
      decodeRule(it, `${path}.rules[${i}]`),
    ),
    variations: expectObject(variations, `${path}.variations`),
  };
}

function decodeRule(raw: unknown, path: string): RuleWire {
  const { when = {}, cohort = null, percent = 100, variation } = expectObject(raw, path);
  const conditions = Object.entries(expectObject(when, `${path}.when`));
  return {
    when: conditions.map(([name, test]) => [name, decodeTest(test, `${path}.when.${name}`)]),
    cohort: cohort === null ? null : expectString(cohort, `${path}.cohort`),
    percent: expectNumber(percent, `${path}.percent`),
    variation: expectString(variation, `${path}.variation`),
  };
}

function decodeTest(raw: unknown, path: string): TestWire {
  if (isJsonObject(raw) && Object.hasOwn(raw, "above")) {
    return { operator: "above", expected: expectNumber(raw["above"], `${path}.above`) };
  }
  if (isJsonObject(raw) && Object.hasOwn(raw, "prefix")) {
    return { operator: "prefix", expected: expectString(raw["prefix"], `${path}.prefix`) };
  }
  return { operator: "in", expected: expectArray(raw, path) };
}

/** Returns the own member at a path of names, or `undefined` if there is none. */
export function memberAt(root: unknown, path: readonly string[]): unknown {
  const step = (value: unknown, name: string): unknown =>
    isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return path.reduce(step, root);
}
