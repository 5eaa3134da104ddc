import type { JsonObject } from "../../conditions/decode.js";
import { messageOf } from "../../errors/guard.js";
import { integerOption } from "../../errors/option-checks.js";
import type { Explanation, TestOutcome } from "../explanation.js";
import type { CallResult } from "../flag-answer.js";
import { reasonLines } from "../words/reason-words.js";
import { explanationSteps, type SplitPlace, type Step } from "../words/steps.js";
import { type DialectWords, PLAIN_WORDS } from "../words/words.js";
import { outcomeText } from "./outcome-text.js";
import type { Paint, PaintColor } from "./paint.js";
import { rangesText } from "./parts.js";
import { printable } from "./printable.js";
import { wrap } from "./wrap.js";

/** Options of {@link explanationText}. */
export interface ExplanationTextOptions {
  /** How the dialect speaks, `explainer.words`. Default: conditions are in the vendor's notation. */
  readonly words?: DialectWords | undefined;
  /** Attributes of the subject, for groups of conditions. */
  readonly attributes?: JsonObject | undefined;
  /** The first line. Default: `<flag> for <subject>`. */
  readonly title?: string | undefined;
  /** Result of the call. Default: the answer is shown without the value. */
  readonly result?: CallResult | undefined;
  /** Colours marks, and dims tests that were not reached. Default: no colours. */
  readonly paint?: Paint | undefined;
  /** Maximum characters per line, from 40 to 10,000. Default: 100. */
  readonly width?: number | undefined;
}

const MARKS: Readonly<Record<TestOutcome, string>> = {
  holds: "✓",
  fails: "✗",
  unknown: "?",
  error: "!",
  "not-reached": "·",
};

const COLORS: Readonly<Record<TestOutcome, PaintColor>> = {
  holds: "green",
  fails: "red",
  unknown: "yellow",
  error: "red",
  "not-reached": "dim",
};

/** One line of the tree. */
interface Line {
  readonly depth: number;
  readonly outcome: TestOutcome;
  readonly text: string;
}

/**
 * Renders an explanation as text: the answer, what decided it, and all tests. Control characters in keys and values are
 * escaped.
 *
 * @returns lines, each of which ends with a line feed.
 * @throws OptionError
 */
export function explanationText(
  explanation: Explanation,
  options: ExplanationTextOptions = {},
): string {
  const { flagKey, flag, subjectKey } = explanation;
  const { paint = (text) => text, result, title = `${flagKey} for ${subjectKey}` } = options;
  // In narrower lines, words would be broken next to labels and marks.
  const width = integerOption("width", options.width, { min: 40, max: 10_000 }, 100);
  const { attributes = {}, words = PLAIN_WORDS } = options;
  const because = flag === null ? [] : reasonLines(explanation, words, attributes);
  const lines = [
    ...wrap(title, width, 2),
    "",
    ...labelled("Answer", [answerText(explanation, result)], width),
    ...labelled("Because", because, width),
  ].map(printable);
  const allocations = flag?.allocations ?? [];
  const isReached = allocations.some(({ outcome }) => outcome !== "not-reached");
  const tree: Line[] = !isReached
    ? []
    : explanationSteps(explanation, words, attributes).flatMap((it, i) => [
        { depth: 0, outcome: it.outcome, text: `${i + 1} ${it.name}: ${it.words}` },
        ...it.steps.flatMap((step) => stepLines(step, 1)),
      ]);
  if (tree.length > 0) lines.push("");
  for (const line of tree) lines.push(renderLine(line, paint, width));
  return `${lines.join("\n")}\n`;
}

function labelled(label: string, texts: readonly string[], width: number): string[] {
  return texts.flatMap((text, i) => wrap(`${(i === 0 ? label : "").padEnd(9)}${text}`, width, 11));
}

function answerText(explanation: Explanation, result: CallResult | undefined): string {
  if (result?.kind === "throws") return `the call throws: ${messageOf(result.error)}`;
  const outcome = outcomeText(explanation);
  return result === undefined ? outcome : `${result.text}, ${outcome}`;
}

function stepLines({ operator, outcome, place, steps, words }: Step, depth: number): Line[] {
  const notation = operator === null ? "" : ` (${operator})`;
  const text = `${words}${place === null ? notation : placeText(place)}`;
  return [{ depth, outcome, text }, ...steps.flatMap((it) => stepLines(it, depth + 1))];
}

/** The salt and the ranges of a place, which experts need. */
function placeText({ parts, salt, shard }: SplitPlace): string {
  const ranges = parts.map((it) => `${it.words} ${rangesText(it, shard)}`).join(", ");
  return ` (salt ${JSON.stringify(salt)}: ${ranges})`;
}

function renderLine({ depth, outcome, text }: Line, paint: Paint, width: number): string {
  const indent = depth * 2;
  const mark = MARKS[outcome];
  const [first = "", ...rest] = wrap(printable(text), width - indent - 2, 2);
  const body = [first, ...rest.map((line) => `${" ".repeat(indent + 2)}${line}`)].join("\n");
  const shown = outcome === "not-reached" ? paint(body, "dim") : body;
  return `${" ".repeat(indent)}${paint(mark, COLORS[outcome])} ${shown}`;
}
