import { diffFlags, type FlagsChanged } from "../configuration/diff.js";
import type { Configuration } from "../model/configuration.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { runAtOnce, runInSlices } from "../runtime/slices.js";
import type { Listeners } from "./listeners.js";
import type { StatusSource } from "./status.js";

/** What a swap would tell its listeners. */
interface Comparison {
  readonly former: Configuration | null;
  readonly next: Configuration;
  readonly flagsChanged: FlagsChanged;
}

/** Holds the configuration that is served. An evaluation reads the reference once. */
export class ConfigurationStore {
  readonly #listeners: Listeners;
  readonly #diagnostics: Diagnostics;
  #configuration: Configuration | null = null;
  #source: StatusSource | null = null;
  #ahead: Comparison | null = null;

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

  /** Finds out in slices what {@link swap} will tell about this configuration, if anybody listens. */
  async compareAhead(next: Configuration, clock: Clock): Promise<void> {
    if (!this.#listeners.has("configuration-changed")) return;
    const former = this.#configuration;
    const flagsChanged = await runInSlices(diffFlags(former, next), clock);
    this.#ahead = { former, next, flagsChanged };
  }

  /** Replaces the configuration, then tells the listeners what changed. */
  swap(next: Configuration, source: StatusSource): void {
    const former = this.#configuration;
    const ahead = this.#ahead;
    this.#ahead = null;
    this.#configuration = next;
    this.#source = source;
    if (former !== null && next.flagKeys.size === 0 && former.flagKeys.size > 0) {
      this.#diagnostics.warn("configuration became empty", { source });
    }
    this.#diagnostics.info("configuration changed", { source });
    // Nothing is worked out for nobody: a revision may take a hash over megabytes.
    if (!this.#listeners.has("configuration-changed")) return;
    this.#listeners.emit("configuration-changed", {
      revision: next.revision,
      previousRevision: former?.revision ?? null,
      source,
      flagsChanged:
        ahead?.former === former && ahead.next === next
          ? ahead.flagsChanged
          : runAtOnce(diffFlags(former, next)),
    });
  }
}
