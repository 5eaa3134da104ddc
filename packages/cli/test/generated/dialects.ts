import {
  type FlagDefinition,
  flagsPayload,
  type SplitFlag,
  splitFlag,
} from "@sortition/test-kit/flags";
import { type AmplitudeFlag, withOff } from "../amplitude/with-off.js";
import type { Aspect, GeneratedFlag, GeneratedSubject } from "./flags.js";

/** Writes flags, requests and results in the format of one dialect. */
export interface GeneratedDialect {
  readonly name: string;
  /** How replay judges an exposure of a subject that is not in the experiment. */
  readonly outside: "not-in-experiment" | "wrong-variation";
  /** What diff shows for a subject that is not in the experiment. */
  readonly nothing: string | null;
  /** The aspects that flags of this dialect have. */
  readonly aspects: readonly Aspect[];
  configOf(flags: readonly GeneratedFlag[]): object;
  /** Returns a request for `sortition evaluate`. */
  requestOf(flag: string, subject: GeneratedSubject): object;
  /** Returns the variation and the value in a result; `null` if the subject is not in the experiment. */
  answerOf(
    result: Result,
    flag: string,
  ): { readonly variation: string; readonly value: unknown } | null;
}

/** A result of `sortition evaluate`. */
export type Result = Readonly<Record<string, unknown>>;

interface EppoPayload {
  readonly flags: Readonly<Record<string, { readonly allocations: readonly object[] }>>;
}

function flagOf(
  { countries, key, salt, share, traffic, values }: GeneratedFlag,
  more: Partial<SplitFlag> = {},
): FlagDefinition {
  const when = countries === null ? {} : { nation: countries };
  const shares = { a: share, b: 100 - share };
  return splitFlag({ key, name: "split", salt, traffic, shares, values, when, ...more });
}

const eppo: GeneratedDialect = {
  name: "eppo",
  nothing: null,
  outside: "not-in-experiment",
  aspects: ["rule", "traffic", "salt", "window", "value"],
  configOf(flags) {
    const payload = flagsPayload(
      "eppo",
      flags.map((it) => flagOf(it)),
    ) as EppoPayload; // has allocations
    for (const { isOpen, key } of flags) {
      const ended = isOpen ? {} : { endAt: "2020-01-01T00:00:00.000Z" };
      Object.assign(payload.flags[key]?.allocations[0] ?? {}, ended);
    }
    return payload;
  },
  requestOf: (flag, { subjectAttributes, subjectKey }) => ({
    flag,
    type: "string",
    default: "none",
    subjectKey,
    subjectAttributes,
  }),
  answerOf({ evaluationDetails, value }) {
    const { variationKey } = evaluationDetails as { variationKey: string | null };
    return variationKey === null ? null : { variation: variationKey, value };
  },
};

const growthbook: GeneratedDialect = {
  name: "growthbook",
  nothing: '"none"',
  outside: "not-in-experiment",
  aspects: ["rule", "traffic", "salt", "value"],
  configOf: (flags) =>
    flagsPayload(
      "growthbook",
      flags.map((flag) => {
        const values = { ...flag.values, none: "none" };
        return flagOf({ ...flag, values }, { otherwise: "none" });
      }),
    ),
  requestOf: (feature, { subjectAttributes, subjectKey }) => ({
    feature,
    context: { attributes: { id: subjectKey, ...subjectAttributes } },
  }),
  answerOf({ result }) {
    const { experimentResult, value } = result as {
      value: unknown;
      experimentResult?: { inExperiment: boolean; key: string };
    };
    return experimentResult?.inExperiment ? { variation: experimentResult.key, value } : null;
  },
};

const amplitude: GeneratedDialect = {
  name: "amplitude",
  nothing: "off",
  outside: "not-in-experiment",
  aspects: ["rule", "traffic", "salt", "value"],
  configOf: (flags) =>
    (
      flagsPayload(
        "amplitude",
        flags.map((it) => flagOf(it)),
      ) as readonly AmplitudeFlag[]
    ).map(withOff),
  requestOf: (flag, { subjectAttributes, subjectKey }) => ({
    user: { user_id: subjectKey, user_properties: subjectAttributes },
    flagKeys: [flag],
  }),
  answerOf({ variants }, flag) {
    const variant = (variants as Record<string, { key: string; value: unknown }>)[flag];
    if (variant === undefined || variant.key === "off") return null;
    return { variation: variant.key, value: variant.value };
  },
};

const posthog: GeneratedDialect = {
  name: "posthog",
  nothing: "false",
  // Subjects outside the rollout have exposures too, with the variation `false`.
  outside: "wrong-variation",
  aspects: ["rule", "traffic", "value"],
  configOf: (flags) =>
    flagsPayload(
      "posthog",
      // Strings are the variants' keys, so the values are payloads.
      flags.map((flag) => flagOf(flag, { type: "json" })),
    ),
  requestOf: (flag, { subjectAttributes, subjectKey }) => ({
    flag,
    distinctId: subjectKey,
    personProperties: subjectAttributes,
  }),
  answerOf({ payload, variant }) {
    return typeof variant === "string" ? { variation: variant, value: payload } : null;
  },
};

/** The dialects that flags are generated for. */
export const GENERATED_DIALECTS: readonly GeneratedDialect[] = [
  eppo,
  growthbook,
  amplitude,
  posthog,
];
