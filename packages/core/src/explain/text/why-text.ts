import type { Explanation } from "../explanation.js";
import { outcomeText } from "./explanation-text.js";
import { deciderTexts } from "./tests-text.js";

/**
 * Explains on one line why a subject got its value: the allocation that applies and what decided it, or why none
 * applies.
 */
export function whyText(explanation: Explanation): string {
  const applied = explanation.flag?.allocations.find(({ outcome }) => outcome === "applies");
  if (explanation.error !== null || applied === undefined) return outcomeText(explanation);
  const texts = deciderTexts(applied);
  return texts.length === 0 ? applied.key : `${applied.key}: ${texts.join(" and ")}`;
}
