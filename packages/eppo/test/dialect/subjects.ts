import { type Edge, edges, type Random } from "@sortition/dialect-kit/differential";

/** A subject, and its edge cases. */
export interface Subject {
  readonly key: string;
  readonly attributes: Record<string, unknown> | null | undefined;
  readonly edges: readonly string[];
}

/** Attribute values of documented and of other types. */
export const ATTRIBUTE_VALUES: readonly Edge[] = edges({
  "string US": "US",
  "string Canada": "Canada",
  "string alice": "alice",
  "numeric string": "5",
  "exponent string": "1e1",
  "hex string": "0x10",
  "empty string": "",
  "blank string": " ",
  "string 1.2": "1.2",
  "string NaN": "NaN",
  "string Infinity": "Infinity",
  "string true": "true",
  "string null": "null",
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
  "prerelease with huge number": "1.2.3-9007199254740992",
  "version with build": "1.2.3+build.5",
  "version at 2^53-1": "9007199254740991.0.0",
  "version at 2^53": "9007199254740992.0.0",
  "version of 257 characters": `1.2.3-${"a".repeat(251)}`,
  astral: "😀",
  "beyond ASCII": "é",
  "lone surrogate": "\ud83d",
  "two lines": "a\nb",
  "number 5": 5,
  "number 10": 10,
  "number 10.1": 10.1,
  "number 16": 16,
  "number 0": 0,
  "number -0": -0,
  "number 1": 1,
  "number 1e21": 1e21,
  "number 1e-7": 1e-7,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  true: true,
  false: false,
  null: null,
  undefined: undefined,
  list: ["a", "b"],
  "list of a number": [5],
  "list of a version": ["1.2.3"],
  "empty list": [],
  object: {},
  "object without prototype": Object.create(null),
  "object that refuses": {
    toString: () => {
      throw new Error("no string");
    },
  },
  bigint: 10n,
  symbol: Symbol("attribute"),
  date: new Date(5),
});

const LIKELY_NAMES: readonly string[] = [
  ...[
    "string US",
    "string alice",
    "numeric string",
    "number 5",
    "number 10",
    "number 10.1",
    "number 0",
  ],
  ...["version", "other version", "prerelease alpha.1", "true", "list of a number"],
];

/** Values around which the outcome of comparisons changes. */
const LIKELY_VALUES: readonly Edge[] = ATTRIBUTE_VALUES.filter(({ name }) =>
  LIKELY_NAMES.includes(name),
);

/** Names of members that every object inherits. Here, they are ordinary attribute names. */
export const INHERITED_NAMES: readonly string[] = [
  "constructor",
  "toString",
  "__proto__",
  "hasOwnProperty",
];

const PLAIN_NAMES: readonly string[] = ["country", "age", "version", "plan"];

/** Names of attributes in conditions, including the subject's `id`. */
export const ATTRIBUTE_NAMES: readonly string[] = [
  ...Array.from({ length: 10 }, () => PLAIN_NAMES).flat(),
  ...["id", "id", "id", "id", "größe", "größe", ""],
  ...INHERITED_NAMES,
];

const KEY_EDGES: readonly Edge[] = edges({
  "subject key: blank": " ",
  "subject key: composed": "caf\u00e9",
  "subject key: decomposed": "cafe\u0301",
  "subject key: astral": "😀😀",
  "subject key: NUL": "a\u0000b",
  "subject key: lone high surrogate": "\ud83dx",
  "subject key: lone low surrogate": "x\ude00",
  "subject key: 64 bytes and more": "k".repeat(130),
  "subject key: inherited name": "constructor",
  "subject key: __proto__": "__proto__",
  "subject key: numeric": "5",
  "subject key: byte order mark": "\ufeffalice",
});

const BLANK_KEYS: readonly Edge[] = edges({
  "subject key: empty": "",
  "subject key: null": null,
  "subject key: undefined": undefined,
});

const SHAPE_EDGES = {
  null: "attributes: null",
  undefined: "attributes: undefined",
  ownId: "attributes: own id",
  ownNullId: "attributes: own id null",
  ownUndefinedId: "attributes: own id undefined",
  inherited: "attributes: inherited member",
  hidden: "attributes: hidden member",
  madeUp: "attributes: made up by a Proxy",
  bare: "attributes: without prototype",
  loneSurrogate: "attributes: name with lone surrogate",
  ownInherited: "attributes: own member of an inherited name",
} as const;

/** Names of all edge cases of subjects. */
export const SUBJECT_EDGES: readonly string[] = [
  ...KEY_EDGES.map(({ name }) => name),
  ...BLANK_KEYS.map(({ name }) => name),
  ...Object.values(SHAPE_EDGES),
];

/** Ordinary subject keys. Generated shard ranges are close to their shards. */
export const ORDINARY_KEYS: readonly string[] = [
  "alice",
  "bob",
  "carol",
  "dave",
  ...Array.from({ length: 40 }, (_, i) => `user-${i}`),
];

/** Generates one subject. */
export function generateSubject(random: Random): Subject {
  const key = generateKey(random);
  const { attributes, edges: odd } = generateAttributes(random);
  return {
    // JavaScript callers can pass any value.
    key: key.value as string,
    attributes,
    edges: key.name === "" ? odd : [key.name, ...odd],
  };
}

function generateKey(random: Random): Edge {
  if (random.chance(0.01)) return random.deal("blank keys", BLANK_KEYS);
  if (random.chance(0.2)) return random.pick(KEY_EDGES);
  return { name: "", value: random.pick(ORDINARY_KEYS) };
}

function generateAttributes(random: Random): Omit<Subject, "key"> {
  if (random.chance(0.03)) {
    const value = random.pick([null, undefined]);
    const name = value === null ? SHAPE_EDGES.null : SHAPE_EDGES.undefined;
    return { attributes: value, edges: [name] };
  }
  const odd: string[] = [];
  const attributes: Record<string, unknown> = generateObject(random, odd);
  const set = (name: string, { value }: Edge): void => {
    // Defines an own property, even for the name `__proto__`.
    Object.defineProperty(attributes, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  };
  for (const name of [...PLAIN_NAMES, "größe", ""]) {
    if (random.chance(0.25)) continue;
    set(name, random.pick(random.chance(0.4) ? LIKELY_VALUES : ATTRIBUTE_VALUES));
  }
  if (random.chance(0.15)) {
    const id = random.deal("own ids", ATTRIBUTE_VALUES);
    set("id", id);
    odd.push(SHAPE_EDGES.ownId);
    if (id.name === "null") odd.push(SHAPE_EDGES.ownNullId);
    if (id.name === "undefined") odd.push(SHAPE_EDGES.ownUndefinedId);
  }
  if (random.chance(0.1)) {
    set(random.pick(INHERITED_NAMES), random.pick(ATTRIBUTE_VALUES));
    odd.push(SHAPE_EDGES.ownInherited);
  }
  if (random.chance(0.02)) {
    set("\ud800name", random.pick(ATTRIBUTE_VALUES));
    odd.push(SHAPE_EDGES.loneSurrogate);
  }
  return { attributes, edges: odd };
}

function generateObject(random: Random, odd: string[]): Record<string, unknown> {
  const shape = random.next();
  if (shape < 0.03) {
    odd.push(SHAPE_EDGES.inherited);
    return Object.create({ country: "US", age: 5, version: "1.2.3", plan: "alice" });
  }
  if (shape < 0.06) {
    odd.push(SHAPE_EDGES.bare);
    return Object.create(null);
  }
  if (shape < 0.09) {
    odd.push(SHAPE_EDGES.hidden);
    const hidden = { configurable: true, enumerable: false, value: "US" };
    return Object.defineProperties({}, { country: hidden, plan: hidden });
  }
  if (shape < 0.12) {
    odd.push(SHAPE_EDGES.madeUp);
    return new Proxy<Record<string, unknown>>({}, { get: getOrMakeUp });
  }
  return {};
}

function getOrMakeUp(target: object, name: string): unknown {
  return Reflect.get(target, name) ?? Reflect.get({ country: "US", plan: "alice" }, name);
}
