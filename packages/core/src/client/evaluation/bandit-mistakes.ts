import { keyName } from "../../errors/guard.js";
import type { Configuration } from "../../model/configuration.js";
import { isFlag, isObject } from "./argument-kinds.js";
import { ACTIONS_TEXT, noBanditText } from "./mistake-texts.js";
import type { Mistakes } from "./mistakes.js";

/** Reports actions that are a list of objects, which have no names. */
export function noteActions(mistakes: Mistakes, flagKey: string, actions: unknown): void {
  if (!Array.isArray(actions) || !isObject(actions[0])) return;
  mistakes.report(flagKey, "invalid actions", () => ({ message: ACTIONS_TEXT }));
}

/** Reports a flag without a bandit that could choose. Unknown flags are reported by `noteUnknown`. */
export function noteNoBandit(
  mistakes: Mistakes,
  flagKey: string,
  served: Configuration | null,
): void {
  if ((served?.bandits?.first(flagKey) ?? null) !== null || !isFlag(served, flagKey)) return;
  // A payload of models that the caller passed may be another one, such as the flags.
  const hasModels = served?.payloads.some((it) => it.part === "bandits" && it.from === "static");
  const describe = () => ({ message: noBanditText(keyName(flagKey), hasModels === true) });
  mistakes.report(flagKey, "flag without a bandit", describe);
}
