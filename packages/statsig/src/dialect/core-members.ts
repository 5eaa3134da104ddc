import { type JsonObject, unexpected } from "@sortition/core/dialect";

/** What has members that the SDK checks. */
export type Checked = "spec" | "rule" | "condition";

/** The members of an object, by name. An optional one may be absent or `null`. */
interface Members {
  readonly required: Readonly<Record<string, Requirement>>;
  readonly optional: Readonly<Record<string, Requirement>>;
}

type Requirement = keyof typeof TESTS;

const isInteger = (value: unknown, limit: number): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < limit;

/** Tests of values, by the words for what they accept. */
const TESTS = {
  "a string": (value: unknown) => typeof value === "string",
  "a boolean": (value: unknown) => typeof value === "boolean",
  "a number": (value: unknown) => typeof value === "number",
  "an integer of 32 bits": (value: unknown) => isInteger(value, 2 ** 32),
  "an integer of 64 bits": (value: unknown) => isInteger(value, 2 ** 64),
  "an array of strings": (value: unknown) =>
    Array.isArray(value) && value.every((it) => typeof it === "string"),
  "an object": (value: unknown) => typeof value === "object" && !Array.isArray(value),
  "a value": (value: unknown) => value !== undefined,
};

const MEMBERS: Readonly<Record<Checked, Members>> = {
  spec: {
    required: {
      ...{ type: "a string", entity: "a string", salt: "a string", idType: "a string" },
      ...{ enabled: "a boolean", defaultValue: "a value" },
    },
    optional: {
      ...{ isActive: "a boolean", hasSharedParams: "a boolean", useNewLayerEval: "a boolean" },
      ...{ forwardAllExposures: "a boolean", checksum: "a string" },
      version: "an integer of 32 bits",
      ...{ explicitParameters: "an array of strings", targetAppIDs: "an array of strings" },
    },
  },
  rule: {
    required: {
      ...{ name: "a string", id: "a string", idType: "a string" },
      ...{ passPercentage: "a number", returnValue: "a value", conditions: "an array of strings" },
    },
    optional: {
      ...{ salt: "a string", groupName: "a string", configDelegate: "a string" },
      ...{ isExperimentGroup: "a boolean", samplingRate: "an integer of 64 bits" },
    },
  },
  condition: {
    required: { type: "a string", idType: "a string" },
    optional: { field: "a string", operator: "a string", additionalValues: "an object" },
  },
};

/**
 * Quirk: the SDK reads flags, rules and conditions into types, and rejects those that do not fit, also by members that it does
 * not use (statsig, core).
 *
 * @throws DecodeError for the first member that does not fit.
 */
export function checkMembers(kind: Checked, wire: JsonObject, path: string): void {
  const { optional, required } = MEMBERS[kind];
  const check = (name: string, expected: Requirement): void => {
    if (!TESTS[expected](wire[name])) throw unexpected(`${path}.${name}`, expected, wire[name]);
  };
  for (const [name, expected] of Object.entries(required)) check(name, expected);
  for (const [name, expected] of Object.entries(optional)) {
    if ((wire[name] ?? null) !== null) check(name, expected);
  }
}
