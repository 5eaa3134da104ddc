import type { Explanation } from "../explanation.js";
import { outcomeText } from "./explanation-text.js";
import { deciderTexts } from "./tests-text.js";

/** Why a subject got its value, in one line: the allocation that applies and what decided about it, or why none does. */
export function whyText(explanation: Explanation): string {
  const applied = explanation.flag?.allocations.find(({ outcome }) => outcome === "applies");
  if (explanation.error !== null || applied === undefined) return outcomeText(explanation);
  const texts = deciderTexts(applied);
  return texts.length === 0 ? applied.key : `${applied.key}: ${texts.join(" and ")}`;
}
