import { inspect } from "node:util";
import { DecodeError } from "@sortition/core";
import { jsonTextOf, type NamedDifference, type Random } from "@sortition/dialect-kit/differential";
import { type FuzzPlan, type JsonPath, type Mutation, pathText } from "@sortition/dialect-kit/fuzz";
import { vi } from "vitest";
import { type Call, generateCalls } from "./calls.js";
import {
  type BodyFlag,
  type GeneratedConfiguration,
  generateConfiguration,
} from "./configurations.js";
import { type Case, DELIBERATE, DELIBERATE_OF_MALFORMED } from "./deliberate.js";
import { md5 } from "./obfuscate.js";
import { Ours } from "./ours.js";
import { isCallersObject, type Outcome } from "./outcome.js";
import { INHERITED_NAMES } from "./subjects.js";
import { Vendor } from "./vendor.js";
import { NOON_MS } from "./windows.js";

/** A flags body, and calls of three subjects for each flag. */
export interface FlagsSample {
  readonly document: unknown;
  readonly configuration: GeneratedConfiguration;
  readonly calls: readonly Call[];
}

/** A call with a mutated configuration. */
export interface FuzzCase extends Case {
  readonly mutation: Mutation;
}

const MESSAGE_ID_IN_BASE64 = Buffer.from("messageId").toString("base64");

const FUZZ_DIFFERENCES: readonly NamedDifference<FuzzCase>[] = [
  {
    name: "body without a map of flags",
    because: "such a body is rejected, and the previous configuration stays. The vendor accepts it",
    explains: (_, { mutation: { path } }) => path.length === 0 || isPath(path, "flags"),
  },
  {
    name: "environment, its name or a date that is not a string",
    because: "these are strings by their type, and anything else is treated as missing",
    explains: ({ path, ours, vendor }, { mutation }) =>
      ours === "" &&
      typeof vendor !== "string" &&
      ((path.endsWith("environmentName") && mutation.path[0] === "environment") ||
        (path.endsWith("configPublishedAt") && isPath(mutation.path, "createdAt"))),
  },
  {
    name: "event: format that is not a string",
    because: "it is a string by its type, and anything else is treated as missing",
    explains: ({ path, ours, vendor }, { mutation }) =>
      /^events\[\d+\]\.format$/.test(path) &&
      isPath(mutation.path, "format") &&
      ours === "" &&
      typeof vendor !== "string",
  },
  {
    name: "event: messageId",
    because:
      "our events have a stable identifier, so that a sink can recognise a repeated delivery",
    explains: ({ path }, { mutation }) =>
      /^events\[\d+\]\.messageId$/.test(path) &&
      ["messageId", MESSAGE_ID_IN_BASE64].includes(String(mutation.path.at(-1))),
  },
  {
    name: "event: entityId that is not a number",
    because: "it is a number or `null` by its type, and anything else is treated as missing",
    explains: ({ path, ours, vendor }, { mutation }) =>
      /^events\[\d+\]\.entityId$/.test(path) &&
      mutation.path.at(-1) === "entityId" &&
      ours === null &&
      typeof vendor !== "number",
  },
  {
    name: "key without a string form",
    because:
      "keys are strings by their type, and any other key is treated as missing. The vendor fails when it converts this one",
    explains: (_, it) =>
      isAskedOfMutated(it) &&
      it.mutation.path.at(-1) === "key" &&
      /string form|null conversions|bottomless/.test(it.mutation.value.name),
  },
  {
    name: "variation of an inherited name",
    because: "a split that names `constructor` names no variation, and fails like any such split",
    explains: (_, it) =>
      isAskedOfMutated(it) &&
      it.mutation.path.at(-1) === "variationKey" &&
      isInheritedName(it.mutation.value.json),
  },
  {
    name: "attribute of an inherited name, obfuscated",
    because: "a subject without an attribute `toString` has none, whatever the payload names",
    explains: (_, it) =>
      isAskedOfMutated(it) &&
      it.configuration.isObfuscated &&
      it.mutation.path.at(-1) === "attribute" &&
      isInheritedName(it.mutation.value.json),
  },
];

function isAskedOfMutated({ call }: FuzzCase): boolean {
  return (call.flag?.malformed ?? null) !== null;
}

function isInheritedName(json: string | null): boolean {
  return json !== null && INHERITED_NAMES.some((name) => JSON.stringify(name) === json);
}

function isPath(path: JsonPath, ...steps: JsonPath): boolean {
  return path.length === steps.length && path.every((step, i) => step === steps[i]);
}

/** Flags bodies with one node replaced. */
export const FLAGS_FUZZ: FuzzPlan<FlagsSample, FuzzCase> = {
  name: "eppo flags",
  named: [...DELIBERATE, ...DELIBERATE_OF_MALFORMED, ...FUZZ_DIFFERENCES],
  sample(random: Random) {
    const configuration = generateConfiguration(random);
    const calls = random.times(3, () => generateCalls(random, configuration)).flat();
    return { document: configuration.body, configuration, calls };
  },
  async ask({ configuration, calls }, text, mutation) {
    vi.setSystemTime(NOON_MS);
    const vendor = new Vendor(configuration.profile);
    await vendor.load(text).catch(() => {}); // the client then has no configuration
    const ours = new Ours(configuration.profile);
    tryToLoad(ours, text);
    const body: unknown = JSON.parse(text);
    const { format, flags } = Object(body) as {
      readonly format?: unknown;
      readonly flags?: unknown;
    };
    const isObfuscated = format === "CLIENT" || format === "PRECOMPUTED";
    return calls.map((call): FuzzCase => {
      const { key } = call.flag?.generated ?? { key: "" };
      const isThere = Object.hasOwn(Object(flags), isObfuscated ? md5(key) : key);
      const flag = isThere ? mutatedFlag(call.flag, configuration, mutation) : null;
      const asked = { ...call, flag };
      const answer = (other: Call): Outcome => {
        vi.setSystemTime(other.nowMs);
        return ours.run(other);
      };
      vi.setSystemTime(call.nowMs);
      return {
        // The mutation may change a plain body to an obfuscated one, or the reverse.
        configuration: { ...configuration, isObfuscated },
        call: asked,
        ours: ours.run(asked),
        vendor: vendor.run(asked),
        answer,
        mutation,
      };
    });
  },
  print: jsonTextOf,
  isOpaque: isCallersObject,
  show({ call, configuration }) {
    const { flag: _, ...asked } = call;
    return `${inspect(asked, { depth: 4 })}\n${inspect(configuration.profile)}`;
  },
};

/** If the whole body is unusable, the client has no configuration. */
function tryToLoad(ours: Ours, text: string): void {
  try {
    ours.load(text);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}

/** Records which part of a flag was replaced, for the named differences. */
function mutatedFlag(
  flag: BodyFlag | null,
  { isObfuscated }: GeneratedConfiguration,
  { path, value }: Mutation,
): BodyFlag | null {
  if (flag === null) return null;
  const { key } = flag.generated;
  if (path[0] !== "flags" || path[1] !== (isObfuscated ? md5(key) : key)) return flag;
  return { ...flag, malformed: { part: pathText(path.slice(2)), replacement: value.name } };
}
