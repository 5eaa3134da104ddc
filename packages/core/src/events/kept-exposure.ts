import type { ExposureBase } from "../model/exposure.js";
import type { ExposureContext } from "./exposure-context.js";
import type { ExposureOutcome } from "./exposure-outcome.js";
import type { Exposures } from "./exposures.js";

/** An exposure that is logged when its variation is shown. Until then, it is counted as `unshown`. */
export class KeptExposure {
  readonly #exposures: Exposures;
  readonly #base: ExposureBase;
  readonly #context: ExposureContext;
  readonly #details: object | null;

  /** @param context - not shared with later calls. */
  constructor(
    exposures: Exposures,
    base: ExposureBase,
    context: ExposureContext,
    details: object | null,
  ) {
    this.#exposures = exposures;
    this.#base = base;
    this.#context = context;
    this.#details = details;
    exposures.noteUnshown(1);
  }

  /** Logs it. Called once. */
  show(): ExposureOutcome {
    this.drop();
    return this.#exposures.record(this.#base, this.#context, this.#details);
  }

  /** Ends it without logging. */
  drop(): void {
    this.#exposures.noteUnshown(-1);
  }
}
