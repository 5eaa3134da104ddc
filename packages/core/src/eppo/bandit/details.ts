import type { BanditStep } from "../../model/bandit.js";
import type { EvaluationDetails } from "../evaluation-details.js";

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Adds a step of a bandit call to the details of the assignment, in place, as the vendor's SDK does.
 *
 * @param details - created by `UfcTrace`, and not yet returned to the caller.
 */
export function addBanditStep(details: object, step: BanditStep): void {
  const record = details as Writable<EvaluationDetails>; // the dialect created these details itself
  switch (step.kind) {
    case "reached":
      record.banditKey = step.banditKey;
      break;
    case "chosen":
      record.banditAction = step.action;
      break;
    case "failed":
      // Quirk: the code does not change if the variation is empty (eppo).
      if (step.variation) record.flagEvaluationCode = "BANDIT_ERROR";
      record.flagEvaluationDescription = `Error evaluating bandit action: ${step.message}`;
      break;
  }
}
