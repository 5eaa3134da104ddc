import type { Clock, Diagnostics } from "@sortition/core";
import type { Attempts } from "./counted-source.js";
import { ExposureLog } from "./exposure-log.js";
import { WebhookRefusals } from "./webhook-refusals.js";

/** Counters of all environments of one name. They outlive reloads, so they never decrease while the process runs. */
export class EnvironmentBook {
  readonly exposures: ExposureLog;
  readonly webhooks: WebhookRefusals;
  /** Whether an environment of this name accepts webhooks, or did. */
  hasWebhooks = false;
  readonly #attempts = new Set<() => Attempts>();
  #ended: Attempts = { succeeded: 0, failed: 0 };

  constructor(diagnostics: Diagnostics, clock: Clock) {
    this.exposures = new ExposureLog(diagnostics, clock);
    this.webhooks = new WebhookRefusals(diagnostics);
  }

  /** Attempts of this process to fetch a configuration. */
  get attempts(): Attempts {
    return sumOf([this.#ended, ...[...this.#attempts].map((read) => read())]);
  }

  /** Counts the attempts of an environment, too. The returned function keeps their final number. */
  addAttempts(read: () => Attempts): () => void {
    this.#attempts.add(read);
    return () => {
      if (this.#attempts.delete(read)) this.#ended = sumOf([this.#ended, read()]);
    };
  }
}

function sumOf(all: readonly Attempts[]): Attempts {
  const sum = (name: keyof Attempts): number => all.reduce((total, it) => total + it[name], 0);
  return { succeeded: sum("succeeded"), failed: sum("failed") };
}
