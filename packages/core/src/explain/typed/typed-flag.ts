import type { CompileIssue, Configuration } from "../../model/configuration.js";
import type { FlagDescription } from "../description.js";
import type { Explainer } from "../explainer.js";
import type { FlagGetter } from "../flag-getter.js";

/** A flag whose types are generated. */
export interface TypedFlag {
  readonly description: FlagDescription;
  /** Getters, except a JSON getter that only repeats the values of others. */
  readonly getters: readonly FlagGetter[];
  readonly issues: readonly CompileIssue[];
}

/** Describes the flags of a configuration one at a time, sorted by key. */
export function* typedFlags(
  configuration: Configuration,
  explainer: Explainer,
  issues: readonly CompileIssue[],
): Generator<TypedFlag, void, undefined> {
  const issuesByFlag = new Map<string | null, CompileIssue[]>();
  for (const issue of issues) {
    const known = issuesByFlag.get(issue.flagKey);
    if (known === undefined) issuesByFlag.set(issue.flagKey, [issue]);
    else known.push(issue);
  }
  const keys = [...configuration.flagKeys].flatMap((key) => [
    key,
    ...(explainer.parametersOf?.(configuration, key) ?? []),
  ]);
  for (const key of keys.sort()) {
    yield {
      description: explainer.describe(configuration, key),
      getters: withoutRepeated(explainer.gettersOf(configuration, key)),
      issues: issuesByFlag.get(key) ?? [],
    };
  }
}

/** Drops GrowthBook's JSON getter, which returns any value, if other getters return the same values. */
function withoutRepeated(getters: readonly FlagGetter[]): readonly FlagGetter[] {
  const others = getters.filter(({ type }) => type !== "json");
  const known = new Set(others.flatMap(({ values }) => values));
  return getters.filter(
    ({ type, values }) => type !== "json" || !values.every((it) => known.has(it)),
  );
}
