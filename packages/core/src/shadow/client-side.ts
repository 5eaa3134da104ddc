import type { Client } from "../client/client.js";
import type { ClientParts } from "../client/core-client.js";
import type { Answers } from "../client/evaluation/answers.js";
import { silentOptions } from "../client/evaluation/call-evaluator.js";
import type { CallObserver } from "../client/evaluation/observed-call.js";
import type { SubjectRequest } from "../client/evaluation/pin.js";
import type { SubjectAnswers } from "../client/evaluation/subject-answers.js";
import { partsOf } from "../client/mark.js";
import type { Attributes } from "../model/attributes.js";
import { originOf } from "../model/evaluation-origin.js";
import { isDecided, type Outcome } from "./outcome.js";
import { type ShadowMap, SideNames } from "./shadow-map.js";
import type { ShadowCall, Side } from "./side.js";

/** Asks a client, with the flag and attribute names of its vendor. */
export type Ask<Result> = (
  side: Answers<object>,
  flagKey: string,
  subjectKey: string,
  attributes: Attributes | null | undefined,
) => Result;

const NOT_ASKED: Outcome = {
  value: undefined,
  variation: null,
  allocation: null,
  isDefault: true,
  isPlaced: false,
  reason: "flag-not-found",
  errorCode: null,
};

/** A client as one side of a shadow. */
export class ClientSide implements Side {
  readonly client: Client<object>;
  readonly names: SideNames;
  readonly #serving: Answers<object>;
  readonly #mute: Answers<object>;
  #last: Outcome = NOT_ASKED;
  /** Whether the client's observers are notified of an outcome. */
  #isReported: (outcome: Outcome) => boolean = isDecided;

  constructor(client: Client<object>, map?: ShadowMap) {
    this.client = client;
    this.names = new SideNames(map);
    const note: CallObserver = (call, evaluation, { value }) => {
      const { allocationKey, errorCode, isDefault, reason, variationKey } = originOf(
        call,
        evaluation,
      );
      this.#last = {
        value,
        variation: variationKey,
        allocation: allocationKey,
        isDefault,
        isPlaced: call.isPlaced || reason === "split",
        reason,
        errorCode,
      };
    };
    const { evaluator, exposures } = partsOf(client) as ClientParts<object>; // checked by `shadow`
    this.#serving = evaluator.observedBy((...observed) => {
      note(...observed);
      return this.#isReported(this.#last);
    });
    const silent = silentOptions(evaluator.calls.options, exposures.mute());
    this.#mute = evaluator.with(silent).observedBy(note);
  }

  /** The outcome of the last call. */
  get last(): Outcome {
    return this.#last;
  }

  /**
   * Evaluates for the caller: logs exposures and notifies observers. Returns `null` if the map excludes the flag.
   *
   * @param isReported - called during the evaluation. Returns whether observers are notified. Default: if it has a value.
   */
  serve<Result>(
    { attributes, flagKey, subjectKey }: ShadowCall,
    ask: Ask<Result>,
    isReported: (outcome: Outcome) => boolean = isDecided,
  ): Result | null {
    this.#last = NOT_ASKED;
    this.#isReported = isReported;
    const key = this.names.flagKey(flagKey);
    if (key === null) return null;
    const subject = this.names.subjectKey(subjectKey, attributes);
    return ask(this.#serving, key, subject, this.names.attributes(attributes));
  }

  /** Pins both ports for a subject. The mute one keeps no exposures. */
  pin(request: SubjectRequest): readonly (readonly [Answers<object>, SubjectAnswers<object>])[] {
    const { attributes, overrides, subjectKey } = request;
    const own = {
      ...request,
      subjectKey: this.names.subjectKey(subjectKey, attributes),
      attributes: this.names.attributes(attributes) ?? {},
      overrides: this.names.overrides(overrides),
    };
    return [
      [this.#serving, this.#serving.subject(own)],
      [this.#mute, this.#mute.subject({ ...own, keepsExposures: false })],
    ];
  }

  compare(call: ShadowCall): Outcome {
    const { attributes, defaultValue, flagKey, subjectKey, type } = call;
    this.#last = NOT_ASKED;
    const key = this.names.flagKey(flagKey);
    if (key === null) return NOT_ASKED;
    const subject = this.names.subjectKey(subjectKey, attributes);
    const given = this.names.attributes(attributes) ?? {};
    // The map may replace values with values of another type.
    const expectedType = this.names.hasValues(flagKey) ? null : type;
    const pinned = call.pinned?.get(this.#mute);
    if (pinned !== undefined) {
      pinned.answer(key, expectedType, defaultValue, false, null);
    } else if (expectedType === null || expectedType === "number") {
      const request = { flagKey: key, subjectKey: subject, subjectAttributes: given };
      this.#mute.evaluateFor({ ...request, defaultValue, expectedType });
    } else {
      this.#mute.assign(key, subject, given, defaultValue, expectedType); // creates no details
    }
    const { value, ...outcome } = this.#last;
    return { ...outcome, value: this.names.value(flagKey, value) };
  }
}
