import { type Edge, jsonObject, type Random } from "@sortition/dialect-kit/differential";
import type { Call } from "./calls.js";
import { CONDITION_VALUES } from "./condition-values.js";
import {
  type BodyFlag,
  bodyFlag,
  configurationOf,
  FORMATS,
  formOf,
  type GeneratedConfiguration,
  type Profile,
  spoil,
} from "./configurations.js";
import { type Form, type GeneratedFlag, generateFlag } from "./flags.js";
import { WAYS } from "./malformed.js";
import { ATTRIBUTE_VALUES, generateSubject, ORDINARY_KEYS, type Subject } from "./subjects.js";
import { NOON_MS } from "./windows.js";

/** A configuration, and the calls to make in both SDKs. */
export interface Asked {
  readonly configuration: GeneratedConfiguration;
  readonly calls: readonly Call[];
}

const FORMS: readonly Form[] = ["plain", "hashed"];
const ATTRIBUTE = "country";
/** One larger configuration is cheaper than several small ones. */
const SPOILED_EACH = 26;
/** A client that throws returns no details, which show what was evaluated. */
const GRACEFUL: Profile = { isGraceful: true, includesDetails: false };

/**
 * Yields configurations and calls that combine, in both forms, each operator with each of its
 * values and each kind of attribute value, and that replace each part of a flag in each way. Random
 * generation would miss some of these combinations.
 */
export function* sweep(random: Random): Generator<Asked> {
  for (const form of FORMS) {
    for (const operator of Object.keys(CONDITION_VALUES))
      yield operatorSweep(random, form, operator);
  }
  for (let i = 0; i < WAYS.length; i += SPOILED_EACH) yield spoiledSweep(random);
}

/** Returns flags with one part replaced, in the next few ways. */
function spoiledSweep(random: Random): Asked {
  const format = random.pick(FORMATS);
  const flags = random.times(SPOILED_EACH, (i) =>
    spoil(random, () => ordinaryFlag(random, formOf(format), `flag-${i}`)),
  );
  return {
    configuration: configurationOf(random, format, flags, GRACEFUL),
    calls: flags.map((flag) => callOf(flag, generateSubject(random))),
  };
}

/**
 * Returns one flag for each kind of attribute value, because no operator has more kinds of values.
 */
function operatorSweep(random: Random, form: Form, operator: string): Asked {
  const asked = [null, ...ATTRIBUTE_VALUES].map((attribute, i) => {
    const value = random.deal(`sweep ${form} ${operator}`, CONDITION_VALUES[operator] ?? []);
    const flag = bodyFlag(form, conditionFlag(`flag-${i}`, operator, value));
    return { flag, call: callOf(flag, subjectWith(random, attribute)) };
  });
  const format = random.pick(FORMATS.filter((it) => formOf(it) === form));
  const flags = asked.map(({ flag }) => flag);
  return {
    configuration: configurationOf(random, format, flags, GRACEFUL),
    calls: asked.map(({ call }) => call),
  };
}

/** Creates a flag that is on for subjects that match one condition. */
function conditionFlag(key: string, operator: string, { name, value }: Edge): GeneratedFlag {
  const condition = jsonObject([
    ["attribute", ATTRIBUTE],
    ["operator", operator],
    ["value", value],
  ]);
  return {
    key,
    wire: {
      key,
      enabled: true,
      variationType: "STRING",
      variations: { on: { key: "on", value: "red" } },
      allocations: [
        {
          key: "rollout",
          rules: [{ conditions: [condition] }],
          splits: [{ shards: [], variationKey: "on" }],
          doLog: true,
        },
      ],
      totalShards: 10_000,
    },
    edges: [],
    allocations: [
      {
        windowEdges: [],
        ruleEdges: [],
        conditions: [{ operator, attribute: ATTRIBUTE, valueEdge: name }],
        splitEdges: [],
      },
    ],
  };
}

/** Generates a flag with this key, without an odd one. */
function ordinaryFlag(random: Random, form: Form, key: string): BodyFlag {
  for (;;) {
    const generated = generateFlag(random, form, key);
    if (generated.key === key) return bodyFlag(form, generated);
  }
}

/** @param attribute - `null`: the subject lacks the attribute. */
function subjectWith(random: Random, attribute: Edge | null): Subject {
  return {
    key: random.pick(ORDINARY_KEYS),
    attributes: attribute === null ? {} : { [ATTRIBUTE]: attribute.value },
    edges: [],
    attributeEdges: new Map(attribute === null ? [] : [[ATTRIBUTE, attribute.name]]),
  };
}

function callOf(flag: BodyFlag, subject: Subject): Call {
  return {
    flagKey: flag.generated.key,
    flag,
    subject,
    type: "STRING",
    wantsDetails: true,
    defaultValue: "default",
    nowMs: NOON_MS,
    overrides: null,
    edges: [],
  };
}
