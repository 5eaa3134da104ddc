import type { Observer } from "../dialect/evaluation/observer.js";
import type { Experiment, FeatureResult, Result } from "../dialect/wire.js";
import { announceExperiment, announceUsage, type GlobalCallbacks } from "./announce.js";
import type { Reports } from "./reports.js";
import type { UserContext } from "./user-context.js";

/** Where an observer passes on what happens in evaluations. */
export interface Audience {
  readonly global: GlobalCallbacks;
  readonly user: UserContext;
  readonly reports: Reports;
  /** Writes a line of the debug log; `undefined` while it is off. */
  readonly debugLog: ((message: string, details: object) => void) | undefined;
  /** Keeps an exposure that no callback received. */
  defer?(experiment: Experiment<unknown>, result: Result<unknown>): void;
  /** Remembers the result of an experiment. */
  remember?(experiment: Experiment<unknown>, result: Result<unknown>): void;
}

/** Calls callbacks in the vendor's order. */
export class InstanceObserver implements Observer {
  readonly #audience: Audience;

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  get log(): Audience["debugLog"] {
    return this.#audience.debugLog;
  }

  viewed(experiment: Experiment<unknown>, result: Result<unknown>): void {
    const isReceived = announceExperiment(this.#audience, experiment, result);
    if (!isReceived) this.#audience.defer?.(experiment, result);
  }

  used(key: string, result: FeatureResult): void {
    announceUsage(this.#audience, key, result);
  }

  ran(experiment: Experiment<unknown>, result: Result<unknown>): void {
    this.#audience.remember?.(experiment, result);
  }
}
