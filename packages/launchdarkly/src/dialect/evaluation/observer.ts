import type { AllocationOutcome } from "@sortition/core/dialect";
import type { FlagDefinition } from "../flag-definition.js";
import type { EvaluationCall } from "./evaluation-call.js";

/** Receives the parts of a flag in the order in which they are tried, to explain an evaluation. */
export interface Observer {
  /** @param call - the call, whose context is still readable. */
  tried(
    definition: FlagDefinition,
    allocation: string,
    outcome: AllocationOutcome,
    call: EvaluationCall,
  ): void;
}
