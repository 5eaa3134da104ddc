/** A value, as JSON text, that breaks code which trusts its input. */
export interface HostileValue {
  readonly name: string;
  /** `null` removes the node. */
  readonly json: string | null;
}

/** Deeper than a recursive comparison or printer can go, but not too deep for `JSON.parse`. */
const BOTTOMLESS = 15_000;

const JSON_BY_NAME: Readonly<Record<string, string | null>> = {
  removed: null,
  null: "null",
  true: "true",
  false: "false",
  "0": "0",
  "-0": "-0",
  "1": "1",
  "-1": "-1",
  fraction: "0.5",
  "1e21": "1e21",
  "beyond safe integers": "9007199254740993",
  "largest double": "1.7976931348623157e308",
  "beyond doubles": "1e999",
  "beyond doubles, negative": "-1e999",
  "below doubles": "1e-400",
  "empty string": '""',
  "blank string": '" "',
  string: '"x"',
  "numeric string": '"5"',
  "string NaN": '"NaN"',
  "string true": '"true"',
  "string __proto__": '"__proto__"',
  "string constructor": '"constructor"',
  "string toString": '"toString"',
  "lone surrogate": '"\\ud800"',
  "null character": '"\\u0000"',
  "byte order mark": '"\\ufeff"',
  "broken pattern": '"("',
  "broken JSON": '"{"',
  "Base64 of x": '"eA=="',
  "long string": JSON.stringify("x".repeat(100_000)),
  "empty list": "[]",
  "list of null": "[null]",
  "list of strings": '["x","y"]',
  "list of lists": "[[],[[]]]",
  "list of objects": "[{},{}]",
  "empty object": "{}",
  "object without string form": '{"toString":1,"valueOf":1}',
  "object with null conversions": '{"toString":null,"valueOf":null}',
  "list without string form": '[{"toString":1,"valueOf":1}]',
  "object with toJSON": '{"toJSON":1}',
  "object with then": '{"then":{"then":1}}',
  "object that looks like a list": '{"length":3,"0":"x"}',
  "object of endless length": '{"length":1e999}',
  "object with negative length": '{"length":-1}',
  "object with __proto__": '{"__proto__":{"polluted":true}}',
  "object with constructor": '{"constructor":{"prototype":{"polluted":true}}}',
  "object with hasOwnProperty": '{"hasOwnProperty":1}',
  "object with empty key": '{"":{"":1}}',
  "nested lists": `${"[".repeat(500)}${"]".repeat(500)}`,
  "bottomless lists": `${"[".repeat(BOTTOMLESS)}${"]".repeat(BOTTOMLESS)}`,
  "bottomless objects": `${'{"a":'.repeat(BOTTOMLESS)}1${"}".repeat(BOTTOMLESS)}`,
};

/**
 * Values of each JSON type, conversions that throw, keys of prototypes, extreme numbers and depths.
 */
export const HOSTILE_VALUES: readonly HostileValue[] = Object.entries(JSON_BY_NAME).map(
  ([name, json]) => ({ name, json }),
);
