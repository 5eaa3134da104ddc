import type { CompileIssue, Configuration } from "@sortition/core";
import type { Explainer, FlagDescription, FlagGetter } from "@sortition/core/dialect";
import { FileError } from "../errors.js";
import { byText } from "./order.js";

/** A flag whose types are written. */
export interface TypedFlag {
  readonly description: FlagDescription;
  /** Excludes a JSON getter that only repeats the values of other getters. */
  readonly getters: readonly FlagGetter[];
  readonly issues: readonly CompileIssue[];
}

/**
 * The flags of a configuration, sorted by key.
 *
 * @throws FileError if its keys are hashed.
 */
export function typedFlags(
  configuration: Configuration,
  explainer: Explainer,
  issues: readonly CompileIssue[],
  name: string,
): readonly TypedFlag[] {
  const issuesByFlag = new Map<string | null, CompileIssue[]>();
  for (const issue of issues) {
    const known = issuesByFlag.get(issue.flagKey);
    if (known === undefined) issuesByFlag.set(issue.flagKey, [issue]);
    else known.push(issue);
  }
  return [...configuration.flagKeys].sort(byText).map((key) => {
    const description = explainer.describe(configuration, key);
    if (description.isHashed) {
      throw new FileError(
        `${name}: it has hashes instead of the keys of flags: fetch it with a key for servers`,
      );
    }
    const getters = withoutRepeated(explainer.gettersOf(configuration, key));
    return { description, getters, issues: issuesByFlag.get(key) ?? [] };
  });
}

/** Drops GrowthBook's JSON getter, which returns any value, if other getters return the same values. */
function withoutRepeated(getters: readonly FlagGetter[]): readonly FlagGetter[] {
  const others = getters.filter(({ type }) => type !== "json");
  const known = new Set(others.flatMap(({ values }) => values));
  return getters.filter(
    ({ type, values }) => type !== "json" || !values.every((it) => known.has(it)),
  );
}
