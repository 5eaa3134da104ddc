import { eppoExplainer, isEppoConfiguration } from "@sortition/core/eppo";
import { isJsonObject } from "../../evaluate/request.js";
import {
  objectOf,
  type ReducedPayload,
  type ReductionInput,
  refusal,
  withDependencies,
} from "../reduction.js";

/** Reduces the payload. Eppo's flags do not depend on each other. */
export function reduceEppo({ asked, configuration, root }: ReductionInput): ReducedPayload {
  if (isEppoConfiguration(configuration) && configuration.isObfuscated) {
    throw refusal(
      null,
      "the configuration is obfuscated, so its names are hashes. Use a configuration in the SERVER format",
    );
  }
  const { bandits: _, banditReferences: __, ...rest } = objectOf(root);
  const all = isJsonObject(rest["flags"]) ? rest["flags"] : {};
  const flags = withDependencies(new Map(Object.entries(all)), asked, () => []);
  for (const { behind } of eppoExplainer.describeBandits(configuration)) {
    const flag = behind.find(({ flagKey }) => flags.has(flagKey));
    if (flag === undefined) continue;
    throw refusal(
      flag.flagKey,
      "a bandit chooses the action, which a warehouse cannot evaluate. Name only flags without bandits",
    );
  }
  return { parts: { flags: { ...rest, flags: Object.fromEntries(flags) } }, flags };
}
