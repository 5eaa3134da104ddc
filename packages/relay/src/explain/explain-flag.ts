import type { Configuration } from "@sortition/core";
import { explanationText, type FlagQuestion } from "@sortition/core/dialect";
import {
  type AllocationSteps,
  allocationReport,
  explanationSteps,
  messageOf,
  timeText,
} from "@sortition/core/dialect-internal";
import { createExplainingClient } from "@sortition/core/internal";
import type { DialectName } from "../config/config.js";
import { commandLine } from "./command-line.js";
import { EXPLAINERS } from "./explainers.js";
import { nearestKey } from "./find-flags.js";

/** How one answer for one subject was found; or the flags that may have been meant. */
export type FlagExplanation =
  | ExplainedAnswer
  | { readonly kind: "no-such-flag"; readonly flag: string; readonly nearest: string | null };

/** How one answer for one subject was found. */
export interface ExplainedAnswer {
  readonly kind: "explained";
  readonly flag: string;
  /** What the vendor's SDK returns; `null` if it throws. */
  readonly value: unknown;
  /** Message of what the call throws; `null` if it returns. */
  readonly throws: string | null;
  readonly reason: string;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** What `sortition explain` prints. */
  readonly text: string;
  /** The command that prints it. */
  readonly command: string;
  /** What was tested, as plain JSON; `null` if there is no flag to test. */
  readonly allocations: readonly object[] | null;
  /** The same in plain words. */
  readonly steps: readonly AllocationSteps[];
}

/** Characters of a line, as the command has them. */
const WIDTH = 100;

/** Explains the answer for one flag. */
export function explainFlag(
  configuration: Configuration,
  dialect: DialectName,
  question: FlagQuestion,
): FlagExplanation {
  const { flagKey, nowMs, subjectKey } = question;
  const explainer = EXPLAINERS[dialect];
  if (explainer.payloadKey(configuration, flagKey) === null) {
    return { kind: "no-such-flag", flag: flagKey, nearest: nearestKey(configuration, flagKey) };
  }
  const client = createExplainingClient(configuration, explainer);
  const { explanation, result, type, value } = client.answer(question);
  client.close();
  const { error, errorCode, flag, reason } = explanation;
  const { words } = explainer;
  const asked = type === null ? flagKey : `${flagKey} (${type})`;
  const title = `${asked} for ${subjectKey} at ${timeText(nowMs)}`;
  return {
    kind: "explained",
    flag: flagKey,
    value,
    throws: result.kind === "throws" ? messageOf(result.error) : null,
    reason,
    errorCode,
    error,
    text: explanationText(explanation, {
      title,
      result,
      words,
      attributes: question.attributes,
      width: WIDTH,
    }),
    command: commandLine(dialect, question),
    allocations: flag === null ? null : flag.allocations.map(allocationReport),
    steps: explanationSteps(explanation, words, question.attributes),
  };
}
