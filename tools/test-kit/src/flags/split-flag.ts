import type { FlagDefinition, FlagType, HashedSplit, Json, Rule, Scalar } from "./definition.js";

/** A flag with one rule, which splits subjects. */
export interface SplitFlag
  extends Pick<FlagDefinition, "key">,
    Pick<HashedSplit, "salt" | "traffic">,
    Pick<Rule, "name"> {
  /** Default: true. */
  readonly isExperiment?: boolean;
  /** Percentages of the subjects, by variation. */
  readonly shares: Readonly<Record<string, number>>;
  /** Default: strings. */
  readonly type?: FlagType;
  /** Values by variation. Default: the names of the variations. */
  readonly values?: Readonly<Record<string, Json>>;
  /** Values that an attribute of the subject must have, by attribute. Default: the rule is for all subjects. */
  readonly when?: Readonly<Record<string, readonly Scalar[]>>;
  /** The variation of all other subjects. Default: none. */
  readonly otherwise?: string | undefined;
}

export function splitFlag(flag: SplitFlag): FlagDefinition {
  const { isExperiment = true, key, name, otherwise, salt, shares, traffic } = flag;
  const { type = "string", values, when = {} } = flag;
  const percents = Object.entries(shares);
  const outcome: HashedSplit = {
    ...{ kind: "split", isExperiment, salt, traffic },
    shares: percents.map(([variation, percent]) => ({ variation, percent })),
  };
  const conditions = Object.entries(when).map(([attribute, values]) => {
    return { attribute, test: { kind: "one-of", values } } as const;
  });
  const own = percents.map(([variation]) => [variation, variation] as const);
  return {
    ...{ key, type, state: "active" },
    variations: new Map<string, Json>(values === undefined ? own : Object.entries(values)),
    rules: [{ name, conditions, subjects: null, outcome }],
    otherwise: otherwise === undefined ? null : { kind: "give", variation: otherwise },
  };
}
