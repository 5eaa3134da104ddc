import { type Difference, NOTHING } from "../../src/differential/compare.js";
import type { NamedDifference } from "../../src/differential/named-difference.js";
import type { Call } from "./calls.js";
import type { GeneratedConfiguration } from "./configurations.js";
import { compareOutcomes, type Outcome } from "./outcome.js";
import { INHERITED_NAMES } from "./subjects.js";

/** One call that both SDKs answered. */
export interface Case {
  readonly configuration: GeneratedConfiguration;
  /** Names the pair of configuration and subject. */
  readonly pair: string;
  readonly call: Call;
  readonly ours: Outcome;
  readonly vendor: Outcome;
  /** What we answer to another call, in the same situation. */
  answer(call: Call): Outcome;
}

export const DELIBERATE: readonly NamedDifference<Case>[] = [
  {
    name: "event: messageId",
    because: "ours have a stable identifier, for sinks that must not store an exposure twice",
    explains: ({ path, vendor }) =>
      /^events\[\d+\]\.messageId$/.test(path) && (vendor === NOTHING || vendor === "z"),
  },
  {
    name: "event: name and version of the SDK",
    because: "they are ours",
    explains: ({ path }) => /^events\[\d+\]\.metaData\.(sdkName|sdkLibVersion)$/.test(path),
  },
  {
    name: "event: details only when asked for",
    because: "building them costs time; a details getter or an option asks for them",
    explains: ({ path, ours }, { call, configuration }) =>
      /^events\[\d+\]\.evaluationDetails$/.test(path) &&
      ours === NOTHING &&
      !call.wantsDetails &&
      !configuration.profile.includesDetails,
  },
  {
    name: "environment without a name",
    because: "`environmentName` is a text by its type; a missing one is empty",
    explains: ({ path, ours, vendor }, { configuration }) =>
      path.endsWith("environmentName") &&
      ours === "" &&
      vendor === undefined &&
      configuration.edges.includes("environment: without name"),
  },
  {
    name: "event: attributes null",
    because: "`null` attributes are as good as none, and sinks expect an object",
    explains: ({ path, ours, vendor }, { call }) =>
      path.endsWith("].subjectAttributes") &&
      (call.subject.attributes ?? null) === null &&
      JSON.stringify(ours) === "{}" &&
      (vendor === null || JSON.stringify(vendor) === "{}"),
  },
  {
    name: "flag of an inherited name",
    because: "`constructor` is a name like any other: there is no such flag, nor such an override",
    explains: (_, { call, configuration }) =>
      !configuration.isObfuscated && call.flag === null && INHERITED_NAMES.includes(call.flagKey),
  },
  {
    name: "override of an inherited name",
    because: "the vendor finds a member that every object has among the overrides",
    explains: (_, { call }) =>
      call.overrides !== null &&
      !Object.hasOwn(call.overrides, call.flagKey) &&
      INHERITED_NAMES.includes(call.flagKey),
  },
  {
    name: "attribute that is not enumerable",
    because:
      "asking whether it is would cost every condition of every call, for what nobody passes",
    explains: ({ path }, it) =>
      it.call.subject.edges.includes("attributes: hidden member") &&
      isSameWith(it, path, { ...it.call.subject.attributes }),
  },
  {
    name: "attribute that a Proxy makes up",
    because:
      "what a plain object answers is taken for its own: asking costs every condition of every call",
    explains: ({ path }, it) =>
      it.call.subject.edges.includes("attributes: made up by a Proxy") &&
      isSameWith(it, path, { ...it.call.subject.attributes }),
  },
  {
    name: "attribute of an inherited name",
    because: "a subject without an attribute `constructor` has none, and is not taken to have one",
    explains: ({ path }, it) =>
      !it.configuration.isObfuscated &&
      isSameWith(it, path, withInheritedMembers(it.call.subject.attributes)),
  },
  {
    name: "variation of an inherited name",
    because:
      "a split that names `constructor` names no variation, and fails as any such split does",
    explains: (_, { call, vendor }) =>
      hasSplitOfInheritedName(call) &&
      (vendor.details === null || descriptionOf(vendor.details).includes("Variation (undefined)")),
  },
  {
    name: "override of a flag that cannot be read",
    because: "an override stands in place of the flag, whatever is wrong with that",
    explains: ({ path, ours }, { call, vendor }) =>
      call.overrides !== null &&
      Object.hasOwn(call.overrides, String(call.flagKey)) &&
      !path.startsWith("events") &&
      (vendor.threw ||
        vendor.details === null ||
        isBlankFailure(vendor.details) ||
        // A flag that we cannot read at all has no allocations to be listed.
        (path.startsWith("details.unevaluatedAllocations") &&
          ours === NOTHING &&
          call.flag?.malformed?.part === "allocation")),
  },
  {
    name: "key that is missing or no text",
    because:
      "keys are texts by their type: a flag or variation has the key it is found by, an allocation none",
    explains: ({ path, ours, vendor }, { call }) =>
      hasKeyReplaced(call) &&
      (((typeof ours === "string" || ours === null) &&
        typeof vendor !== "string" &&
        KEY_PATH.test(path)) ||
        (/(Description|experiment)$/.test(path) && ours !== NOTHING && vendor !== NOTHING)),
  },
  {
    name: "event: extra logging that is no object",
    because: "a text or a list has no names to log under; the vendor takes its indices for some",
    explains: ({ path, ours }, { call }) =>
      call.flag?.malformed?.part === "extra logging" &&
      /^events\[\d+\]\.\d+$/.test(path) &&
      ours === NOTHING,
  },
  {
    name: "splits that are an empty text",
    because: "they are no list, and fail the allocation; the vendor walks them letter by letter",
    explains: (_, { call }) =>
      call.flag?.malformed?.part === "splits" && call.flag.malformed.replacement === "empty string",
  },
  {
    name: "JSON default that is a text",
    because: "a default is returned as it is; the vendor parses it, and throws if it cannot",
    explains: ({ path }, { call, vendor }) =>
      call.type === "JSON" &&
      typeof call.defaultValue === "string" &&
      (vendor.threw || path === "value"),
  },
  {
    name: "text of an engine's message",
    because: "it is not portable between versions of an engine",
    explains: isEngineText,
  },
];

/** Whether we would answer as the vendor does, at least here, if the attributes were these. */
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

/** The attributes with every inherited member as an own one, as the vendor sees them. */
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

/** Both failed, each in the words of what failed. */
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

/** Details of a failure before there was a flag. */
function isBlankFailure(details: object): boolean {
  const { configFetchedAt } = details as Record<string, unknown>;
  return descriptionOf(details).startsWith("Assignment Error: ") && configFetchedAt === "";
}

const KEY_PATH = /(^|\.)(key|variationKey|featureFlag|variation|allocation)$/;

/** Parts of a flag that have a key, or are one. */
const KEYED_PARTS: readonly string[] = [
  "flag key",
  "allocations",
  "allocation",
  "allocation key",
  "variation",
  "variation key",
];

function hasKeyReplaced({ flag }: Call): boolean {
  return flag?.malformed !== null && KEYED_PARTS.includes(flag?.malformed?.part ?? "");
}
