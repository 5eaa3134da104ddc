import {
  type Edge,
  edges,
  jsonObject,
  MISSING,
  pickEdge,
  type Random,
  rawNumber,
} from "@sortition/dialect-kit/differential";
import { generateRules, TARGETING_EDGES } from "./targeting.js";
import { generateSplits, generateTotalShards, TRAFFIC_EDGES } from "./traffic.js";
import { generateWindow, WINDOW_EDGES } from "./windows.js";

/** Edge cases of an allocation, by the step of the evaluation in which they occur. */
export interface AllocationMeta {
  readonly windowEdges: readonly string[];
  readonly ruleEdges: readonly string[];
  readonly splitEdges: readonly string[];
}

/** A plain flag in the server's format, and its edge cases. */
export interface GeneratedFlag {
  /** The key to request. */
  readonly key: string;
  readonly wire: Record<string, unknown>;
  readonly edges: readonly string[];
  readonly allocations: readonly AllocationMeta[];
}

/** Forms of a body. */
export type Form = "plain" | "hashed";

/** Types for which getters exist. */
export const TYPES: readonly string[] = ["BOOLEAN", "INTEGER", "NUMERIC", "STRING", "JSON"];

const ODD_TYPES: readonly Edge[] = edges({
  "variationType: unknown": "FLOAT",
  "variationType: lower case": "string",
  "variationType: null": null,
  "variationType: missing": MISSING,
  "variationType: inherited name": "constructor",
});

const VALUES: Readonly<Record<string, readonly Edge[]>> = {
  BOOLEAN: edges({ "BOOLEAN true": true, "BOOLEAN false": false }),
  INTEGER: edges({
    "INTEGER 3": 3,
    "INTEGER 0": 0,
    "INTEGER -0": rawNumber("-0"),
    "INTEGER -1": -1,
    "INTEGER 1e21": 1e21,
  }),
  NUMERIC: edges({
    "NUMERIC 10.1": 10.1,
    "NUMERIC 0": 0,
    "NUMERIC beyond doubles": rawNumber("1e999"),
    "NUMERIC whole": 4,
  }),
  STRING: edges({
    "STRING string": "red",
    "STRING empty": "",
    "STRING beyond ASCII": "größe 😀",
    "STRING byte order mark": "\ufeffred",
    "STRING that looks like JSON": '{"a":1}',
  }),
  JSON: edges({
    "JSON object": '{"a":{"b":[1,2]},"c":null}',
    "JSON list": "[1,2]",
    "JSON number": "5",
    "JSON text": '"text"',
    "JSON true": "true",
    "JSON null": "null",
    "JSON __proto__": '{"__proto__":{"x":1}}',
    "JSON unparsable": "{",
    "JSON empty": "",
  }),
};

/** Values that are wrong for all types except their own. */
const WRONG_VALUES: readonly Edge[] = edges({
  "value of a wrong type: string": "3",
  "value of a wrong type: number": 5,
  "value of a wrong type: fraction": 3.14,
  "value of a wrong type: boolean": true,
  "value of a wrong type: null": null,
  "value of a wrong type: list": [1],
  "value of a wrong type: object": { a: 1 },
});

const FLAG_KEYS: readonly Edge[] = edges({
  "flag key: __proto__": "__proto__",
  "flag key: inherited name": "constructor",
  "flag key: beyond ASCII": "größe 😀",
  "flag key: numeric": "10",
});

const FLAG_EDGES = {
  disabled: "flag: disabled",
  noAllocations: "flag: without allocations",
  severalAllocations: "flag: several allocations",
  innerKey: "flag: inner key differs",
  innerVariationKey: "variation: inner key differs",
  entityId: "flag: entityId",
  entityIdNull: "flag: entityId null",
  unknownField: "flag: unknown fields",
  noDoLog: "allocation: doLog missing",
  doLogFalse: "allocation: doLog false",
  emptyAllocationKey: "allocation: empty key",
  sameAllocationKey: "allocation: key used twice",
} as const;

/** Names of all edge cases of flags. */
export const ALL_FLAG_EDGES: readonly string[] = [
  ...[...ODD_TYPES, ...Object.values(VALUES).flat(), ...WRONG_VALUES, ...FLAG_KEYS].map(
    ({ name }) => name,
  ),
  ...Object.values(FLAG_EDGES),
  ...TARGETING_EDGES,
  ...TRAFFIC_EDGES,
  ...WINDOW_EDGES,
];

/** Generates one flag. Its key is `ordinaryKey`, or an edge case. */
export function generateFlag(random: Random, form: Form, ordinaryKey: string): GeneratedFlag {
  const odd: string[] = [];
  const note = (edge: Edge): unknown => {
    if (edge.name !== "") odd.push(edge.name);
    return edge.value;
  };
  const rarely = (probability: number, edge: string): boolean => {
    const isSo = random.chance(probability);
    if (isSo) odd.push(edge);
    return isSo;
  };

  const key = String(
    note(random.chance(0.08) ? random.deal("flag keys", FLAG_KEYS) : plainly(ordinaryKey)),
  );
  const type = random.pick(TYPES);
  const variationType = random.chance(0.04) ? note(random.deal("odd types", ODD_TYPES)) : type;
  const variationKeys = ["on", "off", "größe"];
  const variations = variationKeys.map((mapKey): [string, unknown] => {
    const innerKey = rarely(0.04, FLAG_EDGES.innerVariationKey) ? "inner" : mapKey;
    return [mapKey, { key: innerKey, value: note(generateValue(random, type)) }];
  });
  const totalShards = generateTotalShards(random);
  const count = rarely(0.03, FLAG_EDGES.noAllocations) ? 0 : random.integer(1, 4);
  if (count > 1) odd.push(FLAG_EDGES.severalAllocations);
  const allocations = random.times(count, (i) => {
    const name = random.pick(["rollout", "experiment", `allocation-${i}`, `größe ${i}`]);
    const allocationKey = rarely(0.02, FLAG_EDGES.emptyAllocationKey) ? "" : name;
    const doLog = rarely(0.08, FLAG_EDGES.noDoLog) ? MISSING : !rarely(0.08, FLAG_EDGES.doLogFalse);
    return generateAllocation(random, form, allocationKey, doLog, variationKeys, totalShards.value);
  });
  const keys = allocations.map(({ wire }) => wire["key"]);
  if (new Set(keys).size < keys.length) odd.push(FLAG_EDGES.sameAllocationKey);
  note(totalShards);
  return {
    key,
    wire: jsonObject([
      ["key", rarely(0.06, FLAG_EDGES.innerKey) ? "inner" : key],
      ["enabled", !rarely(0.04, FLAG_EDGES.disabled)],
      ["comment", rarely(0.05, FLAG_EDGES.unknownField) ? { any: "thing" } : MISSING],
      ["variationType", variationType],
      ["variations", jsonObject(variations)],
      ["allocations", allocations.map(({ wire }) => wire)],
      ["totalShards", totalShards.value],
      [
        "entityId",
        rarely(0.1, FLAG_EDGES.entityId)
          ? 7
          : rarely(0.05, FLAG_EDGES.entityIdNull)
            ? null
            : MISSING,
      ],
    ]),
    edges: odd,
    allocations: allocations.map(({ meta }) => meta),
  };
}

function plainly(value: unknown): Edge {
  return { name: "", value };
}

function generateValue(random: Random, type: string): Edge {
  const values = VALUES[type] ?? [];
  return random.chance(0.06) ? random.pick(WRONG_VALUES) : pickEdge(random, values, values);
}

function generateAllocation(
  random: Random,
  form: Form,
  key: string,
  doLog: unknown,
  variationKeys: readonly string[],
  totalShards: unknown,
): { readonly wire: Record<string, unknown>; readonly meta: AllocationMeta } {
  const window = generateWindow(random, form);
  const rules = generateRules(random, form);
  const splits = generateSplits(random, variationKeys, totalShards);
  return {
    wire: jsonObject([
      ["key", key],
      ["rules", rules.wire],
      ["startAt", window.startAt],
      ["endAt", window.endAt],
      ["splits", splits.wire],
      ["doLog", doLog],
    ]),
    meta: {
      windowEdges: window.edges,
      ruleEdges: rules.edges,
      splitEdges: splits.edges,
    },
  };
}
