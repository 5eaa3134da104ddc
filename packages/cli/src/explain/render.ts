import { explanationText, type Paint } from "@sortition/core/dialect";
import { timeText } from "@sortition/core/dialect-internal";
import { paragraphLines } from "../text/paragraphs.js";
import { WIDTH } from "../text/width.js";
import type { ExplainedCase } from "./case.js";

/**
 * Renders the result, the allocation that decided, and everything that was tested, as text that ends with a line
 * feed.
 */
export function renderCase(it: ExplainedCase, paint: Paint): string {
  const { explanation, extras, nowMs, question, result, type } = it;
  const asked = type === null ? question.flag : `${question.flag} (${type})`;
  const text = explanationText(explanation, {
    words: it.words,
    attributes: question.attributes,
    title: `${asked} for ${question.subjectKey} at ${timeText(nowMs)}`,
    result,
    paint,
    width: WIDTH,
  });
  const paragraphs = [...it.misnamed.map((line) => [line]), ...extras.paragraphs];
  return [text, ...paragraphLines(paragraphs).map((line) => `${line}\n`)].join("");
}
