import {
  type Configuration,
  type Dialect,
  LazyFlags,
  type PayloadSet,
  type RawFlags,
  revisionOf,
} from "@sortition/core/dialect";
import type { CohortSet } from "./cohorts/cohort-parts.js";
import type { CohortReferences, Cohorts } from "./cohorts/cohorts.js";
import type { FlagReferences } from "./cohorts/references.js";
import { type Plan, Plans } from "./evaluation/plan.js";
import { type AmplitudeFlag, flagCompiler, refusingCompiler } from "./flag.js";
import { PLACE } from "./place.js";

export interface AmplitudeParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly raw: RawFlags;
  /** Whether risky patterns are refused. */
  readonly refuses: boolean;
  /** @internal */
  readonly cohortSet: CohortSet;
  /** @internal */
  readonly flagReferences: FlagReferences;
}

/** An immutable configuration of flags and cohorts. */
export interface AmplitudeConfiguration extends Configuration, AmplitudeParts {
  /** @internal */
  readonly lazyFlags: LazyFlags<AmplitudeFlag>;
  readonly cohorts: Cohorts;
  /** The cohorts that the flags refer to. */
  readonly references: CohortReferences;
  /** @internal The order in which all flags are evaluated. */
  readonly planOfAll: Plan;
  /** @internal Returns a flag and its dependencies. */
  planOf(key: string): Plan;
  /** @internal Returns several flags and their dependencies. */
  planOfEach(keys: readonly string[]): Plan;
  /** @internal Returns a decoded flag, or `null` if there is none. */
  flag(key: string): AmplitudeFlag | null;
}

/** Creates a configuration. Flags are decoded on demand. */
export function createConfiguration(parts: AmplitudeParts): AmplitudeConfiguration {
  const { cohortSet, flagReferences, payloads, raw } = parts;
  const flags = new LazyFlags({
    raw,
    place: PLACE,
    compiler: parts.refuses ? refusingCompiler : flagCompiler,
    sharedPartsOf: (key) => fingerprintOf(flagReferences.byFlag.get(key), cohortSet),
  });
  const plans = new Plans(flags.keys, (key) => flags.flag(key));
  return {
    ...parts,
    lazyFlags: flags,
    cohorts: cohortSet.byId,
    references: flagReferences.all,
    get planOfAll() {
      return plans.all;
    },
    planOf: (key) => plans.of(key),
    planOfEach: (keys) => plans.ofEach(keys),
    environment: null,
    publishedAtMs: null,
    bandits: null,
    get revision() {
      return revisionOf(payloads);
    },
    flagKeys: flags.keys,
    get issues() {
      return [...flags.issues, ...cohortSet.issues];
    },
    get issueCount() {
      const { complete, found } = flags.issueCount;
      return { found: found + cohortSet.issues.length, complete };
    },
    flag: (key) => flags.flag(key),
    isSameFlag: (key, there) =>
      isAmplitudeConfiguration(there) && flags.isSame(key, there.lazyFlags),
    warm: (keys) => flags.warm(keys),
    inspect: () => flags.inspect(),
  };
}

/** Whether a configuration belongs to this dialect. */
export function isAmplitudeConfiguration(
  configuration: Configuration,
): configuration is AmplitudeConfiguration {
  return configuration.dialect.name === "amplitude";
}

/** Identifies the content of the cohorts that a flag refers to. */
function fingerprintOf(references: CohortReferences | undefined, { byId }: CohortSet): unknown {
  if (references === undefined) return undefined;
  const ids = [...references.values()].flatMap((them) => [...them]);
  return ids.map((id) => byId.get(id)?.fingerprint ?? null);
}
