import type { Steps } from "@sortition/core/dialect";
import { type Clock, type Diagnostics, runInSlices } from "@sortition/core/internal";
import type { PosthogConfiguration } from "../dialect/configuration.js";
import { PosthogFlag } from "../dialect/flag.js";
import type { FlagDefinition } from "../dialect/flag-wire.js";

export interface UndecidableFlagsParts {
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Whether flags are never requested from the server. */
  readonly isStrictlyLocal: boolean;
}

/**
 * Warns about server-side flags whose definitions prevent local evaluation for all or some people. Each flag is
 * reported once, until it changes.
 */
export class UndecidableFlags {
  readonly #parts: UndecidableFlagsParts;
  /** Flags found by the last check: definition by key. */
  #known: ReadonlyMap<string, string> = new Map();
  #checked: PosthogConfiguration | null = null;

  constructor(parts: UndecidableFlagsParts) {
    this.#parts = parts;
  }

  /** Checks all flags in slices, without keeping compiled flags. Ends an earlier check. */
  async check(configuration: PosthogConfiguration): Promise<void> {
    this.#checked = configuration;
    await runInSlices(this.#steps(configuration), this.#parts.clock);
  }

  /** Ends the check. */
  stop(): void {
    this.#checked = null;
  }

  *#steps(configuration: PosthogConfiguration): Steps<void> {
    const found: FlagDefinition[] = [];
    const compiled = configuration.recompiled(configuration.dialect, (definition) => {
      const flag = new PosthogFlag(definition);
      const { hasContinuity, isActive, runtime } = definition;
      const isServed = isActive && runtime !== "client";
      if (isServed && (hasContinuity || flag.isUnsupported({ configuration: compiled }))) {
        found.push(definition);
      }
      return flag;
    });
    for (const _ of compiled.inspect()) {
      if (this.#checked !== configuration) return;
      yield;
    }
    const known = new Map(found.map((it) => [it.key, JSON.stringify(it)]));
    const fresh = found.filter(({ key }) => known.get(key) !== this.#known.get(key));
    this.#known = known;
    this.#warn(
      "experience_continuity",
      "switch off experience continuity",
      fresh.filter(({ hasContinuity }) => hasContinuity),
    );
    this.#warn(
      "unsupported_definition",
      "avoid static cohorts, unknown operators, and dependencies that are missing or circular",
      fresh.filter(({ hasContinuity }) => !hasContinuity),
    );
  }

  #warn(reason: string, wayOut: string, flags: readonly FlagDefinition[]): void {
    if (flags.length === 0) return;
    const { diagnostics, isStrictlyLocal } = this.#parts;
    const message = isStrictlyLocal
      ? "flags that local evaluation cannot decide have no value"
      : "flags that local evaluation cannot decide cost a request each time, unless strictLocalEvaluation is set";
    diagnostics.warn(message, { reason, wayOut, flagKeys: flags.map(({ key }) => key) });
  }
}
