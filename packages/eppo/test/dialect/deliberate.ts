import {
  type Difference,
  type NamedDifference,
  NOTHING,
} from "@sortition/dialect-kit/differential";
import type { Call } from "./calls.js";
import type { GeneratedConfiguration } from "./configurations.js";
import { compareOutcomes, type Outcome } from "./outcome.js";
import { INHERITED_NAMES } from "./subjects.js";

/** One call that both SDKs handled. */
export interface Case {
  readonly configuration: GeneratedConfiguration;
  readonly call: Call;
  readonly ours: Outcome;
  readonly vendor: Outcome;
  /** Returns our result of another call, with the same configuration and time. */
  answer(call: Call): Outcome;
}

/** The order matters: rows that make another call come after those that only compare. */
export const DELIBERATE: readonly NamedDifference<Case>[] = [
  {
    name: "event: messageId",
    because:
      "our events have a stable identifier, so that a sink can recognise a repeated delivery",
    explains: ({ path, vendor }) =>
      /^events\[\d+\]\.messageId$/.test(path) && (vendor === NOTHING || vendor === "z"),
  },
  {
    name: "event: name and version of the SDK",
    because: "they name this library",
    explains: ({ path }) => /^events\[\d+\]\.metaData\.(sdkName|sdkLibVersion)$/.test(path),
  },
  {
    name: "event: details only when asked for",
    because: "building details takes time, so a details getter or an option requests them",
    explains: ({ path, ours }, { call, configuration }) =>
      /^events\[\d+\]\.evaluationDetails$/.test(path) &&
      ours === NOTHING &&
      !call.wantsDetails &&
      !configuration.profile.includesDetails,
  },
  {
    name: "environment without a name",
    because: "`environmentName` is a string by its type; a missing one is the empty string",
    explains: ({ path, ours, vendor }, { configuration }) =>
      path.endsWith("environmentName") &&
      ours === "" &&
      vendor === undefined &&
      configuration.edges.includes("environment: without name"),
  },
  {
    name: "event: attributes null",
    because: "`null` means the same as no attributes, and sinks expect an object",
    explains: ({ path, ours, vendor }, { call }) =>
      path.endsWith("].subjectAttributes") &&
      (call.subject.attributes ?? null) === null &&
      JSON.stringify(ours) === "{}" &&
      (vendor === null || JSON.stringify(vendor) === "{}"),
  },
  {
    name: "flag of an inherited name",
    because: "`constructor` is an ordinary name, and there is no such flag and no such override",
    explains: (_, { call, configuration }) =>
      !configuration.isObfuscated && call.flag === null && INHERITED_NAMES.includes(call.flagKey),
  },
  {
    name: "override of an inherited name",
    because: "the vendor reads an inherited member as an override",
    explains: (_, { call }) =>
      call.overrides !== null &&
      !Object.hasOwn(call.overrides, call.flagKey) &&
      INHERITED_NAMES.includes(call.flagKey),
  },
  {
    name: "attribute that is not enumerable",
    because:
      "a check would slow down every condition of every call, for a case that does not occur",
    explains: ({ path }, it) =>
      it.call.subject.edges.includes("attributes: hidden member") &&
      isSameWith(it, path, { ...it.call.subject.attributes }),
  },
  {
    name: "attribute that a Proxy makes up",
    because:
      "all values that the object returns are treated as its own, because a check would slow down every condition of every call",
    explains: ({ path }, it) =>
      it.call.subject.edges.includes("attributes: made up by a Proxy") &&
      isSameWith(it, path, { ...it.call.subject.attributes }),
  },
  {
    name: "attribute of an inherited name",
    because: "an inherited member such as `constructor` is not an attribute",
    explains: ({ path }, it) =>
      !it.configuration.isObfuscated &&
      isSameWith(it, path, withInheritedMembers(it.call.subject.attributes)),
  },
  {
    name: "variation of an inherited name",
    because: "a split that names `constructor` names no variation, and fails like any such split",
    explains: (_, { call, vendor }) =>
      hasSplitOfInheritedName(call) &&
      (vendor.details === null || descriptionOf(vendor.details).includes("Variation (undefined)")),
  },
  {
    name: "override of a flag that cannot be read",
    because: "an override replaces the flag, even one that cannot be decoded",
    explains: ({ path, ours }, { call, vendor }) =>
      call.overrides !== null &&
      Object.hasOwn(call.overrides, String(call.flagKey)) &&
      !path.startsWith("events") &&
      (vendor.threw ||
        vendor.details === null ||
        isBlankFailure(vendor.details) ||
        // A flag that we cannot decode has no allocations to list.
        (path.startsWith("details.unevaluatedAllocations") &&
          ours === NOTHING &&
          /^\$\.allocations\[\d+\]$/.test(partOf(call)))),
  },
  {
    name: "JSON default that is a string",
    because: "a default is returned unchanged; the vendor parses it, and throws if that fails",
    explains: ({ path }, { call, vendor }) =>
      call.type === "JSON" &&
      typeof call.defaultValue === "string" &&
      (vendor.threw || path === "value"),
  },
  {
    name: "message of a JavaScript engine",
    because: "such messages differ between engine versions",
    explains: isEngineText,
  },
];

/** Differences of flags with a part that a fuzzer replaced. */
export const DELIBERATE_OF_MALFORMED: readonly NamedDifference<Case>[] = [
  {
    name: "event: extra logging that is not an object",
    because: "a string or a list has no member names; the vendor uses its indices as names",
    explains: ({ path, ours }, { call }) =>
      /\.extraLogging$/.test(partOf(call)) && /^events\[\d+\]\.\d+$/.test(path) && ours === NOTHING,
  },
  {
    name: "key that is missing or not a string",
    because:
      "keys are strings by their type. Otherwise, a flag or variation has the key of its member, and an allocation has none",
    explains: ({ path, ours, vendor }, { call }) =>
      KEYED_PART.test(partOf(call)) &&
      (((typeof ours === "string" || ours === null) &&
        typeof vendor !== "string" &&
        KEY_PATH.test(path)) ||
        (/(Description|experiment)$/.test(path) && ours !== NOTHING && vendor !== NOTHING)),
  },
  {
    name: "splits that are an empty string",
    because:
      "a string is not a list, and fails the allocation; the vendor iterates over its characters",
    explains: (_, { call }) =>
      /\.splits$/.test(partOf(call)) && call.flag?.malformed?.replacement === "empty string",
  },
];

/** Path of the replaced part below the flag. Empty: none. */
function partOf({ flag }: Call): string {
  return flag?.malformed?.part ?? "";
}

/** Whether our result with these attributes equals the vendor's at this path. */
function isSameWith(
  { answer, call, vendor }: Case,
  path: string,
  attributes: Record<string, unknown>,
): boolean {
  const counterfactual = answer({ ...call, subject: { ...call.subject, attributes } });
  return !compareOutcomes(counterfactual, vendor).some(
    (left) => left.path === path && !isEngineText(left),
  );
}

/** Returns the attributes with every inherited member as an own one, as the vendor reads them. */
function withInheritedMembers(
  given: Case["call"]["subject"]["attributes"],
): Record<string, unknown> {
  const attributes = { ...given };
  for (const name of INHERITED_NAMES) {
    if (Object.hasOwn(attributes, name)) continue;
    const value: unknown = Reflect.get({}, name);
    Object.defineProperty(attributes, name, { value, enumerable: true });
  }
  return attributes;
}

function hasSplitOfInheritedName({ flag }: Call): boolean {
  const edge = "split: variation of an inherited name";
  return flag?.generated.allocations.some((it) => it.splitEdges.includes(edge)) ?? false;
}

/** Whether both failed, each with the message of its engine. */
function isEngineText({ path, ours, vendor }: Difference): boolean {
  return (
    path.endsWith("flagEvaluationDescription") &&
    [ours, vendor].every(
      (text) =>
        typeof text === "string" &&
        text.startsWith("Assignment Error: ") &&
        !text.includes("Invalid argument"),
    )
  );
}

function descriptionOf(details: object): string {
  return String((details as Record<string, unknown>)["flagEvaluationDescription"]);
}

/** Whether these are details of a failure before the flag was found. */
function isBlankFailure(details: object): boolean {
  const { configFetchedAt } = details as Record<string, unknown>;
  return descriptionOf(details).startsWith("Assignment Error: ") && configFetchedAt === "";
}

const KEY_PATH = /(^|\.)(key|variationKey|featureFlag|variation|allocation)$/;

/** Parts of a flag that have a key, or are one. */
const KEYED_PART = /^\$\.(key|allocations(\[\d+\](\.key)?)?|variations(\.\w+|\[.*\])(\.key)?)$/;
