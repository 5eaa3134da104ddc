import { type ExposureOutcome, NOT_LOGGED } from "../../events/exposure-outcome.js";
import type { EventDetails, Exposures } from "../../events/exposures.js";
import { KeptExposure } from "../../events/kept-exposure.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { ExposureBase } from "../../model/exposure.js";
import type { Call } from "./call.js";
import type { CallMistakes } from "./call-mistakes.js";
import type { Pin } from "./pin.js";

/** Logs or keeps the exposures of calls. */
export class CallExposures<Details extends object> {
  readonly #exposures: Exposures;
  readonly #mistakes: CallMistakes;
  readonly #now: () => number;

  constructor(exposures: Exposures, mistakes: CallMistakes, now: () => number) {
    this.#exposures = exposures;
    this.#mistakes = mistakes;
    this.#now = now;
  }

  /** Logs or keeps the exposures of a call, and counts what is probably a mistake. */
  record(
    call: Call<Details>,
    evaluation: Evaluation,
    details: object | EventDetails | null,
  ): ExposureOutcome {
    if (call.override !== null) return NOT_LOGGED.override;
    if (call.met !== null) this.#recordMet(call, call.met, details);
    if (evaluation.kind === "default") {
      const { reason } = evaluation;
      if (reason === "not-initialized") return NOT_LOGGED.notInitialized;
      if (reason === "flag-not-found") this.#mistakes.noteUnknown(call);
      else this.#mistakes.noteUnmatched(call);
      return NOT_LOGGED.default;
    }
    if (evaluation.kind === "error") {
      this.#mistakes.noteError(evaluation.error, call.flagKey, call.reportsMistakes, call);
    }
    if (evaluation.exposure !== null) return this.#expose(evaluation.exposure, call, details);
    return evaluation.kind === "error" ? NOT_LOGGED.default : this.#exposures.noteNotLoggable();
  }

  #expose(
    base: ExposureBase,
    call: Call<Details>,
    details: object | EventDetails | null,
  ): ExposureOutcome {
    const { pin } = call;
    if (pin === null || !pin.keepsExposures) return this.#exposures.record(base, call, details);
    return this.#keep(base, call, pin, details);
  }

  /** Keeps an exposure until it is shown. The call is copied, because it is reused. */
  #keep(
    base: ExposureBase,
    call: Call<Details>,
    { attributes }: Pin,
    details: object | EventDetails | null,
  ): ExposureOutcome {
    const { configuration, flagKey, subject } = call;
    const context = {
      flagKey,
      configuration,
      subject: { key: subject.key, attributes },
      nowMs: this.#now,
    };
    const own = typeof details === "function" ? (details as EventDetails)(call) : details;
    call.kept ??= [];
    call.kept.push(new KeptExposure(this.#exposures, base, context, own));
    return NOT_LOGGED.unshown;
  }

  #recordMet(
    call: Call<Details>,
    met: NonNullable<Call<Details>["met"]>,
    details: object | EventDetails | null,
  ): void {
    const { hashKey, metKeys, subject } = call;
    call.metOutcomes = met.map((exposure, i) => {
      if (metKeys === null) return this.#expose(exposure, call, details);
      subject.key = metKeys[i] ?? "";
      if (subject.key === "") return this.#exposures.noteNotLoggable();
      return this.#expose(exposure, call, details);
    });
    if (metKeys !== null) subject.key = hashKey;
  }
}
