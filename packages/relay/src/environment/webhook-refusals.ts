import type { Diagnostics } from "@sortition/core";

/** Why a webhook was refused. */
export type WebhookRefusal = "unsigned" | "wrong signature" | "wrong time" | "too large";

/** Counts refused webhooks, and logs each reason once. */
export class WebhookRefusals {
  readonly #diagnostics: Diagnostics;
  readonly #reported = new Set<WebhookRefusal>();
  #refused = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  get refused(): number {
    return this.#refused;
  }

  note(reason: WebhookRefusal): void {
    this.#refused += 1;
    if (this.#reported.has(reason)) return;
    this.#reported.add(reason);
    this.#diagnostics.warn("webhook refused", { reason });
  }
}
