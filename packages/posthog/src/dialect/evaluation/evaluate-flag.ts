import type { Scope, Subject } from "@sortition/core/dialect";
import type { Tri } from "../condition/tri.js";
import type { PosthogConfiguration } from "../configuration.js";
import type { PosthogExtras } from "../extras.js";
import type { ServedFlag } from "../served-flag.js";
import { EvaluationCall } from "./evaluation-call.js";
import type { Outcome } from "./outcome.js";

/** A person, and the other input of one evaluation. */
export interface FlagRequest {
  readonly configuration: PosthogConfiguration;
  readonly subjectKey: string;
  readonly personProperties: Readonly<Record<string, unknown>>;
  readonly extras: PosthogExtras;
  nowMs(): number;
  /** Results of flags on which others depend. Shared by the flags of one call. */
  readonly memo: Map<unknown, unknown>;
}

/**
 * Evaluates a flag without a client.
 *
 * @returns its result, or the reason why there is none.
 * @throws the error of a malformed flag.
 */
export function evaluateFlag(flag: ServedFlag, request: FlagRequest): Outcome | Tri {
  const { configuration, extras, memo, nowMs, personProperties, subjectKey } = request;
  // Properties may have any value, although attributes of the native client are JSON.
  const attributes = personProperties as Subject["attributes"];
  const scope: Scope<PosthogExtras> = {
    nowMs,
    configuration,
    trace: null,
    expectedType: null,
    memo: () => memo,
    expose: () => {},
    hashedBy: () => {},
    extras,
  };
  const call = new EvaluationCall();
  call.begin({ key: subjectKey, attributes }, scope);
  return flag.outcomeFor(call);
}
