import { type NamedDifference, NOTHING } from "@sortition/dialect-kit/differential";
import type { Outcome } from "../outcome.js";
import type { BanditCall } from "./calls.js";

/** One call that both SDKs handled. */
export interface BanditCase {
  readonly call: BanditCall;
  readonly ours: Outcome;
  readonly vendor: Outcome;
  /** Edges of the call, its flag and its models. */
  readonly edges: readonly string[];
}

const FAILURE = "Error evaluating bandit action: ";

export const DELIBERATE: readonly NamedDifference<BanditCase>[] = [
  {
    name: "event: messageId",
    because:
      "our events have a stable identifier, so that a sink can recognise a repeated delivery",
    explains: ({ path, vendor }) => /^events\[\d\]\.messageId$/.test(path) && vendor === NOTHING,
  },
  {
    name: "event: name and version of the SDK",
    because: "they name this library",
    explains: ({ path }) => /^events\[\d\]\.metaData\.(sdkName|sdkLibVersion)$/.test(path),
  },
  {
    name: "event: details only when asked for",
    because: "building details takes time, so a details getter or an option requests them",
    explains: ({ path, ours }, { call }) =>
      /^events\[\d\]\.evaluationDetails$/.test(path) &&
      ours === NOTHING &&
      call.method === "getBanditAction",
  },
  {
    name: "event: attributes null",
    because: "`null` means the same as no attributes, and sinks expect an object",
    explains: ({ path, ours, vendor }, { call }) =>
      path === "events[0].flattened" &&
      call.subject === null &&
      vendor === null &&
      JSON.stringify(ours) === "{}",
  },
  {
    name: "message of a JavaScript engine",
    because: "such messages differ between engine versions",
    explains: ({ path, ours, vendor }) =>
      path.endsWith("flagEvaluationDescription") &&
      [ours, vendor].every(
        (text) =>
          typeof text === "string" &&
          (text.startsWith(FAILURE) || text.startsWith("Assignment Error: ")) &&
          !text.startsWith(`${FAILURE}No bandit action`) &&
          !text.includes("Invalid argument"),
      ),
  },
  {
    name: "subject without attributes",
    because:
      "`null` and `undefined` mean the same as `{}` in every call; the vendor's bandit fails",
    explains: (_, { call, vendor }) =>
      (call.subject ?? null) === null && (vendor.threw || hasNoAction(vendor)),
  },
  {
    name: "best action that fails",
    because: "in graceful mode, nothing throws, and the default is returned",
    explains: ({ path }, { call, ours, vendor }) =>
      (path === "threw" || path === "value") &&
      call.method === "getBestAction" &&
      vendor.threw &&
      ours.value === call.defaultValue,
  },
  {
    name: "action of an inherited name",
    because:
      "`constructor` is an ordinary action name; the vendor reads an inherited member as its coefficients, or loses the action",
    explains: (_, { edges }) => edges.includes("action: inherited name"),
  },
  {
    name: "attribute that is a member of an inherited name",
    because:
      "`__proto__` is an ordinary attribute name; the vendor loses it, or reads the inherited member",
    explains: ({ path }, { edges }) =>
      edges.includes("attribute: own member of an inherited name") &&
      (/^events\[\d\]\./.test(path) || edges.includes("attribute of an inherited name")),
  },
  {
    name: "attribute that is inherited",
    because:
      "only own members are attributes; the vendor reads inherited ones of contextual attributes",
    explains: (_, { edges }) => edges.includes("attributes: some inherited"),
  },
  {
    name: "flag of an inherited name",
    because: "`toString` is an ordinary name, and there is no such flag or bandit",
    explains: (_, { call }) => call.flag === null && call.flagKey === "toString",
  },
  {
    name: "bandit of an inherited name",
    because: "the vendor reads an inherited member as a model, and fails",
    explains: (_, { edges, vendor }) =>
      edges.includes("model of an inherited name") && (vendor.threw || hasNoAction(vendor)),
  },
];

/** Whether a bandit failed, or had no actions to choose from. */
export function hasNoAction({ value }: Outcome): boolean {
  return (value as { readonly action?: unknown } | undefined)?.action === null;
}
