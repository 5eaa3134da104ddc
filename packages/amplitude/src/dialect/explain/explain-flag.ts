import {
  type Configuration,
  type ExplainedCondition,
  type ExplainedFlag,
  type RecordedTest,
  Recording,
  type TestOutcome,
} from "@sortition/core/dialect";
import type { AmplitudeFlag } from "../flag.js";
import { describeFlag } from "./describe.js";

/** Creates the recorder of one evaluation. */
export function createRecording(): Recording {
  return new Recording(readTest, {
    error: "nothing",
    hasBareRules: true,
    byIndex: true,
    endsAtMatch: true,
  });
}

/** @param holds - `null`: it fails with an error. */
function readTest(holds: boolean | null, actual: unknown): RecordedTest {
  const outcome = holds === null ? "error" : holds ? "holds" : "fails";
  return { outcome, reason: reasonOf(actual) };
}

/**
 * Combines the description of a flag with its recorded evaluation.
 *
 * @param error - the error of the evaluation, or `null`.
 */
export function explainFlag(
  flag: AmplitudeFlag,
  configuration: Configuration,
  recording: Recording,
  error: unknown,
): ExplainedFlag {
  return recording.explain(describeFlag(flag, configuration), (recorded) => {
    const { tried } = recorded;
    return {
      ...recorded,
      rule: ({ problem }, _, conditions) => ruleOutcome(problem, conditions, tried),
      // The variation of the segment that applies may fail.
      outcome: (...tests) =>
        error !== null && tried === "holds" ? "error" : recorded.outcome(...tests),
    };
  });
}

function ruleOutcome(
  problem: string | null,
  conditions: readonly ExplainedCondition[],
  tried: TestOutcome,
): TestOutcome {
  if (tried === "not-reached") return "not-reached";
  if (problem !== null) return "fails";
  const last = conditions.filter(({ outcome }) => outcome !== "not-reached").at(-1);
  if (last === undefined) return conditions.length === 0 ? "holds" : "not-reached";
  return last.outcome;
}

function reasonOf(actual: unknown): string {
  if (actual === undefined || actual === null) return "the value is absent";
  let text: string | undefined;
  try {
    text = JSON.stringify(actual) as string | undefined; // undefined for a function
  } catch {
    // A caller's value may have no JSON form.
  }
  return `the value is ${text ?? typeof actual}`;
}
