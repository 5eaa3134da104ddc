import { type ExposureOutcome, NOT_LOGGED } from "../../events/exposure-outcome.js";
import type { EventDetails, Exposures } from "../../events/exposures.js";
import { KeptExposure } from "../../events/kept-exposure.js";
import type { Dialect } from "../../model/dialect.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { ExposureBase } from "../../model/exposure.js";
import type { Call } from "./call.js";
import { detailsOfMet } from "./call-details.js";
import type { CallMistakes } from "./call-mistakes.js";
import type { Pin } from "./pin.js";

/** Dependencies of {@link CallExposures}. */
interface CallExposuresParts<Details extends object> {
  readonly dialect: Dialect<Details>;
  readonly exposures: Exposures;
  readonly now: () => number;
}

/** Logs or keeps the exposures of calls. */
export class CallExposures<Details extends object> {
  readonly #dialect: Dialect<Details>;
  readonly #exposures: Exposures;
  readonly #mistakes: CallMistakes;
  readonly #now: () => number;

  constructor({ dialect, exposures, now }: CallExposuresParts<Details>, mistakes: CallMistakes) {
    this.#dialect = dialect;
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
    this.recordMet(call, details !== null);
    if (evaluation.kind === "default") {
      const { reason } = evaluation;
      if (reason === "not-initialized") return NOT_LOGGED.notInitialized;
      if (reason === "flag-not-found") this.#mistakes.noteUnknown(call);
      return NOT_LOGGED.default;
    }
    if (evaluation.kind === "error") {
      this.#mistakes.noteError(evaluation.error, call.flagKey, call.reportsMistakes, call);
    }
    if (evaluation.exposure !== null) {
      return this.#expose(evaluation.exposure, call, call.hashKey, details);
    }
    return evaluation.kind === "error" ? NOT_LOGGED.default : this.#exposures.noteNotLoggable();
  }

  /**
   * Logs or keeps the exposures of other flags, once for each call.
   *
   * @param hasDetails - whether their events contain evaluation details, which are their own.
   */
  recordMet(call: Call<Details>, hasDetails: boolean): void {
    const { met, metKeys } = call;
    if (met === null || call.metOutcomes !== null) return;
    call.metOutcomes = met.map((exposure, i) => {
      const details = hasDetails ? () => detailsOfMet(this.#dialect, call, exposure) : null;
      return this.#expose(exposure, call, metKeys === null ? null : (metKeys[i] ?? ""), details);
    });
  }

  /** @param named - the subject that the dialect named; `""`: none can be; `null`: it is the caller's. */
  #expose(
    base: ExposureBase,
    call: Call<Details>,
    named: string | null,
    details: object | EventDetails | null,
  ): ExposureOutcome {
    const { pin } = call;
    if (named === "") return this.#exposures.noteNotLoggable();
    if (pin?.keepsExposures) return this.#keep(base, call, named, pin, details);
    if (named === null) return this.#exposures.record(base, call, details);
    const { configuration, flagKey, subject } = call;
    const context = {
      flagKey,
      configuration,
      subject: { key: named, attributes: subject.attributes },
      nowMs: () => call.nowMs(),
    };
    return this.#exposures.record(base, context, boundTo(call, details));
  }

  /** Keeps an exposure until it is shown. The call is copied, because it is reused. */
  #keep(
    base: ExposureBase,
    call: Call<Details>,
    named: string | null,
    { attributes }: Pin,
    details: object | EventDetails | null,
  ): ExposureOutcome {
    const { configuration, flagKey, subject } = call;
    const context = {
      flagKey,
      configuration,
      subject: { key: named ?? subject.key, attributes },
      nowMs: this.#now,
    };
    const own = typeof details === "function" ? (details as EventDetails)(call) : details;
    call.kept ??= [];
    call.kept.push(new KeptExposure(this.#exposures, base, context, own));
    return NOT_LOGGED.unshown;
  }
}

function boundTo(
  call: Call<object>,
  details: object | EventDetails | null,
): object | EventDetails | null {
  return typeof details === "function" ? () => (details as EventDetails)(call) : details;
}
