import { diffFlags, type FlagsChanged } from "../../configuration/diff.js";
import type { Configuration } from "../../model/configuration.js";
import type { Clock } from "../../runtime/clock.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import { runAtOnce, runInSlices } from "../../runtime/slices.js";
import type { ClientEvents, Listeners } from "./listeners.js";
import type { StatusSource } from "./status.js";

/** The difference between two configurations, computed before the swap. */
interface Comparison {
  readonly former: Configuration | null;
  readonly next: Configuration;
  readonly flagsChanged: FlagsChanged;
}

/** Holds the configuration in use. An evaluation reads the reference once. */
export class ConfigurationStore {
  readonly #listeners: Listeners;
  readonly #diagnostics: Diagnostics;
  #configuration: Configuration | null = null;
  #source: StatusSource | null = null;
  #ahead: Comparison | null = null;
  #postponed: (() => void) | null = null;

  constructor(listeners: Listeners, diagnostics: Diagnostics) {
    this.#listeners = listeners;
    this.#diagnostics = diagnostics;
  }

  get configuration(): Configuration | null {
    if (this.#postponed !== null) this.catchUp();
    return this.#configuration;
  }

  /** Postpones work until the configuration is next read. */
  postpone(work: () => void): void {
    this.#postponed = work;
  }

  /** Runs the postponed work. */
  catchUp(): void {
    const work = this.#postponed;
    this.#postponed = null;
    work?.();
  }

  /** Where the configuration came from, or `null` without one. */
  get source(): StatusSource | null {
    return this.#source;
  }

  /**
   * Computes in slices what {@link planSwap} reports about this configuration, if there is a listener. Rejects with any
   * error from the comparison.
   */
  async compareAhead(next: Configuration, clock: Clock): Promise<void> {
    if (!this.#listeners.has("configuration-changed")) return;
    const former = this.#configuration;
    const flagsChanged = await runInSlices(diffFlags(former, next), clock);
    this.#ahead = { former, next, flagsChanged };
  }

  /**
   * Reads everything that a swap needs from the configurations, so that a dialect that throws does so before anything
   * has changed.
   *
   * @returns a function that performs the swap and emits the changes. Call it in the same turn. It does not throw.
   * @throws any error from the configurations.
   */
  planSwap(next: Configuration, source: StatusSource): () => void {
    const former = this.#configuration;
    const becameEmpty = next.flagKeys.size === 0 && former !== null && former.flagKeys.size > 0;
    // Without a listener nothing is computed, because a revision may require hashing megabytes.
    const isHeard = this.#listeners.has("configuration-changed");
    const event = isHeard ? this.#describeSwap(next, source) : null;
    return () => {
      this.#ahead = null;
      this.#configuration = next;
      this.#source = source;
      if (becameEmpty) this.#diagnostics.warn("configuration became empty", { source });
      this.#diagnostics.info("configuration changed", { source });
      if (event !== null) this.#listeners.emit("configuration-changed", event);
    };
  }

  #describeSwap(next: Configuration, source: StatusSource): ClientEvents["configuration-changed"] {
    const former = this.#configuration;
    const ahead = this.#ahead;
    return {
      revision: next.revision,
      previousRevision: former?.revision ?? null,
      source,
      flagsChanged:
        ahead?.former === former && ahead.next === next
          ? ahead.flagsChanged
          : runAtOnce(diffFlags(former, next)),
    };
  }
}
