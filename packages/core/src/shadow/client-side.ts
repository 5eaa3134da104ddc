import type { Client } from "../client/client.js";
import { originOf } from "../client/evaluation/assignment-details.js";
import type { EvaluationRequest } from "../client/evaluation/evaluation-request.js";
import type { CallObserver } from "../client/evaluation/observed-call.js";
import type { Attributes } from "../model/attributes.js";
import type { Outcome } from "./outcome.js";
import { type ShadowMap, SideNames } from "./shadow-map.js";
import type { ShadowCall, Side } from "./side.js";

/** Calls a getter of a client, with the flag and attribute names of its vendor. */
export type Ask<Result> = (
  client: Client<object>,
  flagKey: string,
  subjectKey: string,
  attributes: Attributes | null | undefined,
) => Result;

const NOT_ASKED: Outcome = {
  value: undefined,
  variation: null,
  allocation: null,
  reason: "flag-not-found",
  how: null,
};

/** A client as one side of a shadow. */
export class ClientSide implements Side {
  readonly client: Client<object>;
  readonly names: SideNames;
  readonly #serving: Client<object>;
  readonly #mute: Client<object>;
  #last: Outcome = NOT_ASKED;

  constructor(client: Client<object>, map?: ShadowMap) {
    this.client = client;
    this.names = new SideNames(map);
    const note: CallObserver = (call, evaluation, { reason, value }) => {
      const origin = originOf(call, evaluation);
      this.#last = {
        value,
        variation: origin.variationKey,
        allocation: origin.allocationKey,
        reason: reason ?? origin.reason,
        how: origin.how,
      };
    };
    this.#serving = client.observedBy(note);
    this.#mute = client.mute().observedBy(note);
  }

  /** The outcome of the last call. */
  get last(): Outcome {
    return this.#last;
  }

  /** Evaluates for the caller: logs exposures and notifies observers. Returns `null` if the map excludes the flag. */
  serve<Result>({ attributes, flagKey, subjectKey }: ShadowCall, ask: Ask<Result>): Result | null {
    this.#last = NOT_ASKED;
    const key = this.names.flagKey(flagKey);
    if (key === null) return null;
    const subject = this.names.subjectKey(subjectKey, attributes);
    return ask(this.#serving, key, subject, this.names.attributes(attributes));
  }

  compare(call: ShadowCall): Outcome {
    const { attributes, defaultValue, flagKey, subjectKey, type } = call;
    this.#last = NOT_ASKED;
    const key = this.names.flagKey(flagKey);
    if (key === null) return NOT_ASKED;
    askByType(this.#mute, {
      flagKey: key,
      subjectKey: this.names.subjectKey(subjectKey, attributes),
      subjectAttributes: this.names.attributes(attributes) ?? {},
      defaultValue,
      // The map may replace values with values of another type.
      expectedType: this.names.hasValues(flagKey) ? null : type,
    });
    const { value, ...outcome } = this.#last;
    return { ...outcome, value: this.names.value(flagKey, value) };
  }
}

/** Calls the getter of the expected type, because `evaluate` would create details. */
function askByType(client: Client<object>, request: EvaluationRequest): void {
  const { defaultValue, expectedType, flagKey, subjectAttributes, subjectKey } = request;
  const subject = subjectKey ?? "";
  switch (expectedType) {
    case "boolean":
      client.getBooleanAssignment(flagKey, subject, subjectAttributes, defaultValue as boolean);
      break;
    case "integer":
      client.getIntegerAssignment(flagKey, subject, subjectAttributes, defaultValue as number);
      break;
    case "numeric":
      client.getNumericAssignment(flagKey, subject, subjectAttributes, defaultValue as number);
      break;
    case "string":
      client.getStringAssignment(flagKey, subject, subjectAttributes, defaultValue as string);
      break;
    case "json":
      client.getJSONAssignment(flagKey, subject, subjectAttributes, defaultValue as object);
      break;
    default:
      client.evaluate(request);
  }
}
