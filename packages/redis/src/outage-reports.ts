import type { Diagnostics, Facts } from "@sortition/core/kit";
import { factsOf } from "./error-facts.js";

/** What is said when Redis cannot be used, and when it can again. */
export interface OutageTexts {
  readonly begun: string;
  readonly ended: string;
  /** Said in both. */
  readonly facts?: Facts;
}

/** Reports an outage of Redis once at its beginning and once at its end. */
export class OutageReports {
  readonly #diagnostics: Diagnostics;
  readonly #texts: OutageTexts;
  #isOn = false;

  constructor(diagnostics: Diagnostics, texts: OutageTexts) {
    this.#diagnostics = diagnostics;
    this.#texts = texts;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** @param error - of the last command; `null`: Redis answered it. */
  note(error: unknown): void {
    const isOn = error !== null;
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    const { begun, ended, facts } = this.#texts;
    if (isOn) this.#diagnostics.warn(begun, { ...facts, ...factsOf(error) });
    // Without facts there is no second argument, which a console would print.
    else this.#diagnostics.info(ended, ...(facts === undefined ? [] : [facts]));
  }
}
