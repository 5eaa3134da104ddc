import { type Edge, edges, type Random } from "@sortition/dialect-kit/differential";
import type { BodyFlag, GeneratedConfiguration } from "./configurations.js";
import { TYPES } from "./flags.js";
import { generateSubject, INHERITED_NAMES, type Subject } from "./subjects.js";
import { MOMENTS } from "./windows.js";

/** A variation that a caller sets instead of the flag's result. */
export interface Override {
  readonly key: string;
  readonly value: unknown;
}

/** One call of a getter, for both SDKs. */
export interface Call {
  readonly flagKey: string;
  /** The flag with that key, or `null` if there is none. */
  readonly flag: BodyFlag | null;
  readonly subject: Subject;
  /** Type of the getter, with the vendor's name. */
  readonly type: string;
  readonly wantsDetails: boolean;
  readonly defaultValue: unknown;
  readonly nowMs: number;
  readonly overrides: Readonly<Record<string, Override>> | null;
  readonly edges: readonly string[];
}

const ABSENT_FLAGS: readonly Edge[] = edges({
  "asked for: unknown flag": "no-such-flag",
  "asked for: empty key": "",
  "asked for: null": null,
  "asked for: undefined": undefined,
  "asked for: blank key": " ",
  "asked for: lone surrogate": "\ud800",
});

const DEFAULTS: Readonly<Record<string, readonly Edge[]>> = {
  BOOLEAN: edges({ "default true": true, "default false": false }),
  INTEGER: edges({ "default integer": -7, "default 0": 0 }),
  NUMERIC: edges({ "default number": 0.5, "default NaN": Number.NaN }),
  STRING: edges({ "default string": "default", "default empty string": "" }),
  JSON: edges({ "default object": { d: 1 }, "default null": null, "default list": [] }),
};

const TEXT_DEFAULTS: readonly Edge[] = edges({
  "JSON default: JSON text": '{"a":1}',
  "JSON default: other string": "zz",
});

const OVERRIDE_VALUES: readonly Edge[] = edges({
  "override: string": "forced",
  "override: empty string": "",
  "override: number": 5,
  "override: fraction": 5.5,
  "override: boolean": false,
  "override: JSON text": '{"o":[1]}',
  "override: JSON null": "null",
  "override: object": { o: 1 },
  "override: null": null,
});

const CALL_EDGES = {
  otherType: "getter: of another type",
  inherited: "asked for: inherited name",
  withDetails: "getter: with details",
  withoutDetails: "getter: without details",
  overrideElsewhere: "override: of another flag",
  overrideWrongType: "override: of a wrong type",
  overrideAbsent: "override: of an absent flag",
} as const;

/** Names of all edge cases of calls. */
export const ALL_CALL_EDGES: readonly string[] = [
  ...[...ABSENT_FLAGS, ...Object.values(DEFAULTS).flat(), ...TEXT_DEFAULTS, ...OVERRIDE_VALUES].map(
    ({ name }) => name,
  ),
  ...Object.values(CALL_EDGES),
];

/** Types of values that getters return, for overrides of a wrong type. */
const TYPE_OF_GETTER: Readonly<Record<string, string>> = {
  BOOLEAN: "boolean",
  INTEGER: "number",
  NUMERIC: "number",
  STRING: "string",
  JSON: "string",
};

/** Generates a subject's calls: one for each flag of the configuration, at the same time. */
export function generateCalls(random: Random, configuration: GeneratedConfiguration): Call[] {
  const subject = generateSubject(random);
  const nowMs = random.pick(MOMENTS);
  return configuration.flags.map((flag) => generateCall(random, flag, subject, nowMs));
}

function generateCall(random: Random, flag: BodyFlag, subject: Subject, nowMs: number): Call {
  const odd: string[] = [];
  const note = ({ name, value }: Edge): unknown => {
    odd.push(name);
    return value;
  };
  const asked = generateTarget(random, flag, odd);
  const type = generateType(random, flag, odd);
  const wantsDetails = random.chance(0.8);
  odd.push(wantsDetails ? CALL_EDGES.withDetails : CALL_EDGES.withoutDetails);
  const isOddDefault = type === "JSON" && random.chance(0.02);
  const defaultValue = note(
    isOddDefault ? random.deal("default texts", TEXT_DEFAULTS) : random.pick(DEFAULTS[type] ?? []),
  );
  return {
    ...asked,
    subject,
    type,
    wantsDetails,
    defaultValue,
    nowMs,
    overrides: random.chance(0.06) ? generateOverrides(random, asked, type, odd) : null,
    edges: odd,
  };
}

function generateTarget(
  random: Random,
  flag: BodyFlag,
  odd: string[],
): Pick<Call, "flagKey" | "flag"> {
  if (random.chance(0.025)) {
    const { name, value } = random.deal("absent flags", ABSENT_FLAGS);
    odd.push(name);
    return { flagKey: value as string, flag: null }; // JavaScript callers can pass any value
  }
  if (random.chance(0.015)) {
    odd.push(CALL_EDGES.inherited);
    const flagKey = random.pick(INHERITED_NAMES);
    return { flagKey, flag: flag.generated.key === flagKey ? flag : null };
  }
  return { flagKey: flag.generated.key, flag };
}

function generateType(random: Random, flag: BodyFlag, odd: string[]): string {
  const declared = flag.generated.wire["variationType"];
  if (typeof declared === "string" && TYPES.includes(declared) && !random.chance(0.05)) {
    return declared;
  }
  odd.push(CALL_EDGES.otherType);
  return random.pick(TYPES);
}

function generateOverrides(
  random: Random,
  { flagKey, flag }: Pick<Call, "flagKey" | "flag">,
  type: string,
  odd: string[],
): Readonly<Record<string, Override>> {
  if (random.chance(0.15)) {
    odd.push(CALL_EDGES.overrideElsewhere);
    return { "some-other-flag": { key: "forced", value: "x" } };
  }
  const { name, value } = random.deal("override values", OVERRIDE_VALUES);
  odd.push(name);
  if (typeof value !== TYPE_OF_GETTER[type]) odd.push(CALL_EDGES.overrideWrongType);
  if (flag === null) odd.push(CALL_EDGES.overrideAbsent);
  return Object.fromEntries([[String(flagKey), { key: "forced", value }]]);
}
