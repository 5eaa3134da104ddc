import type { Random } from "@sortition/dialect-kit/differential";
import { ATTRIBUTE_VALUES, ATTRIBUTES, KEYS, KINDS } from "./values.js";

/** A context, and the form that it has. */
export interface GeneratedContext {
  readonly context: unknown;
  readonly form: ContextForm;
}

export const CONTEXT_FORMS = [
  "user",
  "kind",
  "multi",
  "multi of one",
  "legacy",
  "invalid",
] as const;
export type ContextForm = (typeof CONTEXT_FORMS)[number];

const INVALID: readonly unknown[] = [
  { kind: "user" },
  { kind: "user", key: "" },
  { kind: "user", key: 5 },
  { kind: "a b", key: "a" },
  { kind: "kind", key: "a" },
  { kind: "", key: "a" },
  { kind: 5, key: "a" },
  { kind: "multi" },
  { kind: "multi", user: { key: "" } },
  { kind: "multi", user: 5, org: { key: "a" } },
  { kind: "multi", org: ["a"] },
  { kind: "multi", "a b": { key: "a" }, user: { key: "b" } },
  { name: "no key" },
  { key: null },
  {},
];

export function generateContext(random: Random): GeneratedContext {
  const form = random.pick(["user", "user", "kind", "multi", "multi", ...CONTEXT_FORMS] as const);
  switch (form) {
    case "user":
      return { form, context: { kind: "user", ...single(random) } };
    case "kind":
      return { form, context: { kind: random.pick(KINDS.slice(1)), ...single(random) } };
    case "multi":
      return { form, context: multi(random, KINDS.slice(random.integer(0, 1))) };
    case "multi of one":
      return { form, context: multi(random, [random.pick(KINDS)]) };
    case "legacy":
      return { form, context: legacy(random) };
    case "invalid":
      return { form, context: random.deal("invalid", INVALID) };
  }
}

function single(random: Random): object {
  return {
    ...attributes(random),
    key: random.pick(KEYS),
    ...(random.chance(0.3) ? { anonymous: random.pick([true, false, "x", 0, null]) } : {}),
  };
}

function attributes(random: Random): object {
  const names = ATTRIBUTES.filter(() => random.chance(0.5));
  return Object.fromEntries(names.map((name) => [name, random.pick(ATTRIBUTE_VALUES)]));
}

function multi(random: Random, kinds: readonly string[]): object {
  const kind = () => (random.chance(0.1) ? { kind: random.pick(["x", { a: "a" }]) } : {});
  const entries = kinds.map((it) => [it, { ...single(random), ...kind() }]);
  return { kind: "multi", ...Object.fromEntries(entries) };
}

function legacy(random: Random): object {
  const custom = random.pick([
    { custom: { ...attributes(random), key: "x", kind: "org" } },
    {},
    { custom: null },
  ]);
  return {
    key: random.pick<unknown>([...KEYS, "", 5, true]),
    ...custom,
    ...(random.chance(0.3) ? { anonymous: random.pick([true, null, "x"]) } : {}),
    ...(random.chance(0.5) ? { name: random.pick(ATTRIBUTE_VALUES) } : {}),
    ...(random.chance(0.2) ? { privateAttributeNames: ["name"], kind: null } : {}),
  };
}
