import { diffFlags } from "../configuration/diff.js";
import type { Configuration } from "../model/configuration.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Listeners } from "./listeners.js";
import type { StatusSource } from "./status.js";

/** Holds the configuration that is served. An evaluation reads the reference once. */
export class Serving {
  readonly #listeners: Listeners;
  readonly #diagnostics: Diagnostics;
  #configuration: Configuration | null = null;
  #source: StatusSource | null = null;

  constructor(listeners: Listeners, diagnostics: Diagnostics) {
    this.#listeners = listeners;
    this.#diagnostics = diagnostics;
  }

  get configuration(): Configuration | null {
    return this.#configuration;
  }

  /** Where the configuration came from; `null` without one. */
  get source(): StatusSource | null {
    return this.#source;
  }

  /** Replaces the configuration, then tells the listeners what changed. */
  swap(next: Configuration, source: StatusSource): void {
    const former = this.#configuration;
    this.#configuration = next;
    this.#source = source;
    if (former !== null && former.flagKeys.size > 0 && next.flagKeys.size === 0) {
      this.#diagnostics.warn("configuration became empty", { source });
    }
    this.#diagnostics.info("configuration changed", { source });
    // Nothing is worked out for nobody: a revision may take a hash over megabytes.
    if (!this.#listeners.has("configuration-changed")) return;
    this.#listeners.emit("configuration-changed", {
      revision: next.revision,
      previousRevision: former?.revision ?? null,
      source,
      flagsChanged: diffFlags(former, next),
    });
  }
}
