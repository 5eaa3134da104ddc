import type { Clock } from "@sortition/core";
import type { Readiness as ReadinessRule } from "../config/config.js";
import type { Environment } from "./environment.js";
import type { Environments } from "./environments.js";

/** How long an environment that was never tried delays the others. */
const PATIENCE_MS = 30_000;

/** Whether requests should be sent here. */
export interface Readiness {
  readonly isReady: boolean;
  /** Names of the environments without a configuration. */
  readonly notReady: readonly string[];
}

export interface ReadinessOptions {
  readonly environments: Environments;
  readonly rule: ReadinessRule;
  readonly clock: Clock;
}

/** Decides whether the relay, or one environment, is ready. */
export class ReadinessCheck {
  readonly #options: ReadinessOptions;
  readonly #startedAtMs: number;
  #isEnding = false;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.monotonicMs();
  }

  /** Nothing is ready from now on. */
  end(): void {
    this.#isEnding = true;
  }

  ofAll(): Readiness {
    const { clock, environments, rule } = this.#options;
    const waiting = [...environments].filter(({ answers }) => answers === null);
    const isPatient = clock.monotonicMs() - this.#startedAtMs < PATIENCE_MS;
    // An environment that answers nothing must not keep requests from the others.
    const isDecided = !isPatient || waiting.every(({ attempts }) => attempts.failed > 0);
    const isServing = [...environments].some(({ answers }) => answers !== null);
    const isReady = waiting.length === 0 || (rule === "any" && isServing && isDecided);
    return this.#reply(isReady, waiting);
  }

  /** @param environment - `null`: there is none of this name, which gets the response of one that is not ready. */
  of(environment: Environment | null): Readiness {
    return this.#reply(environment !== null && environment.answers !== null, []);
  }

  #reply(isReady: boolean, waiting: readonly Environment[]): Readiness {
    return {
      isReady: isReady && !this.#isEnding,
      notReady: waiting.map(({ name }) => name),
    };
  }
}
