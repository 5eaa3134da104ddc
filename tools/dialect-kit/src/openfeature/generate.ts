import type { Random } from "../differential/random.js";
import { HOSTILE_VALUES } from "../fuzz/hostile-values.js";
import { type JsonPath, pathsOf } from "../fuzz/json-path.js";

/** A value in an OpenFeature context. */
type ContextValue =
  | (string | number | boolean | null | Date)
  | { [name: string]: ContextValue }
  | ContextValue[];

/** An OpenFeature context with a date, nested values and `null`, some of which may be absent. */
export type GeneratedContext = { targetingKey?: string } & Record<string, ContextValue>;

/** A call of a getter with its context. */
export interface GeneratedCall {
  readonly flagKey: string;
  readonly getter: "boolean" | "string" | "number" | "object";
  readonly defaultValue: boolean | string | number | object;
  readonly context: GeneratedContext;
}

const GETTERS: readonly GeneratedCall["getter"][] = ["boolean", "string", "number", "object"];
const DEFAULTS = {
  boolean: [true, false],
  string: ["d", ""],
  number: [-1, 0],
  object: [{ d: 1 }, ["d"]],
};

/** The getter that matches the type of each flag in the payloads. */
const USUAL: ReadonlyMap<string, GeneratedCall["getter"]> = new Map([
  ...["boolean", "false", "none", "disabled"].map((key) => [key, "boolean"] as const),
  ...["string", "empty"].map((key) => [key, "string"] as const),
  ...["integer", "zero", "fraction"].map((key) => [key, "number"] as const),
  ...["object", "list", "blank"].map((key) => [key, "object"] as const),
]);

/** Replaces up to three nodes of the payload by hostile values or by other nodes. */
export function generatePayload(random: Random, payload: unknown): unknown {
  const copy: unknown = structuredClone(payload);
  const paths = pathsOf(copy).filter(({ length }) => length > 1);
  for (let i = random.integer(0, 3); i > 0; i--) {
    const path = random.pick(paths);
    const value = random.chance(0.5)
      ? nodeAt(structuredClone(payload), random.pick(paths))
      : hostileValue(random);
    setAt(copy, path, value);
  }
  return copy;
}

function hostileValue(random: Random): unknown {
  const { json } = random.pick(HOSTILE_VALUES);
  try {
    return JSON.parse(json ?? "null");
  } catch {
    return null; // some hostile values are not JSON
  }
}

type Node = Record<string | number, unknown>;

function nodeAt(root: unknown, path: JsonPath): unknown {
  return path.reduce((node: unknown, step) => (node as Node | null | undefined)?.[step], root);
}

/** Sets a node. Does nothing if an earlier change has removed the parent. */
function setAt(root: unknown, path: JsonPath, value: unknown): void {
  const parent = nodeAt(root, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof parent === "object" && parent !== null && last !== undefined) {
    (parent as Node)[last] = value;
  }
}

/** @param flagKeys - keys of the configuration's flags. */
export function generateCall(random: Random, flagKeys: readonly string[]): GeneratedCall {
  const flagKey = random.chance(0.97) ? random.pick(flagKeys) : "no-such-flag";
  const usual = USUAL.get(flagKey) ?? random.pick(GETTERS);
  const getter = random.chance(0.6) ? usual : random.pick(GETTERS);
  return {
    getter,
    flagKey,
    defaultValue: random.pick<boolean | string | number | object>(DEFAULTS[getter]),
    context: generateContext(random),
  };
}

function generateContext(random: Random): GeneratedContext {
  const members: Record<string, unknown> = {
    targetingKey: `subject-${random.integer(0, 50)}`,
    plan: random.pick(["gold", "silver", "none", ""]),
    age: random.pick([0, 17, 2.5, -1]),
    beta: random.chance(0.5),
    at: new Date(random.integer(0, 2 ** 31)),
    cart: { items: [random.integer(0, 9)], at: new Date(0) },
    tags: ["a", random.pick(["b", "c"])],
    nothing: null,
  };
  // Each member is sometimes absent.
  for (const name of Object.keys(members)) if (random.chance(0.2)) delete members[name];
  return members as GeneratedContext; // all members have these types
}
