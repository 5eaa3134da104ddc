import type { Clock } from "@sortition/core";
import type { Readiness as ReadinessRule } from "../config/config.js";
import type { Environment } from "./environment.js";
import type { Environments } from "./environments.js";

/** How long ready environments wait for one that has not been tried yet. */
const PATIENCE_MS = 30_000;

/** Whether this replica is ready for requests. */
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
  /** Whether all environments had time to get their flags. Those that a reload adds do not make the relay unavailable. */
  #isSettled = false;
  #isEnding = false;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.monotonicMs();
  }

  /** Reports everything as not ready from now on. */
  end(): void {
    this.#isEnding = true;
  }

  /** Waits no longer for environments that have not been tried yet, if the relay is ready. Call it before a reload adds some. */
  settle(): void {
    this.#isSettled ||= this.ofAll().isReady;
  }

  ofAll(): Readiness {
    const { clock, environments, rule } = this.#options;
    const waiting = [...environments].filter(({ answers }) => answers === null);
    const isPatient = clock.monotonicMs() - this.#startedAtMs < PATIENCE_MS;
    // An environment without a configuration must not make the others unavailable.
    const isDecided =
      this.#isSettled || !isPatient || waiting.every(({ attempts }) => attempts.failed > 0);
    const isServing = [...environments].some(({ answers }) => answers !== null);
    const isReady = waiting.length === 0 || (rule === "any" && isServing && isDecided);
    return this.#reply(isReady, waiting);
  }

  /** @param environment - `null` if the name is unknown, which is reported as not ready. */
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
