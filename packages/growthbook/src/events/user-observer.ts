import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import type { ObservedOutcome } from "../dialect/evaluation/experiment/outcome.js";
import type { Decision } from "../dialect/evaluation/feature/decision.js";
import type { Observer } from "../dialect/evaluation/observer.js";
import type { Reports } from "../messages/reports.js";
import { announceExperiment, announceUsage, type GlobalCallbacks } from "./announce.js";
import type { UserContext } from "./user-context.js";

/** The options of a client that count beside those of the same name of a user. */
export interface SharedSettings {
  readonly enabled?: boolean | undefined;
  readonly qaMode?: boolean | undefined;
}

/** A client, as far as the evaluations of its users need it. */
export interface UserReader {
  /** Replaced by each change: an evaluation under way goes on with those that it began with. */
  readonly global: GlobalCallbacks;
  readonly settings: SharedSettings;
  readonly reports: Reports;
  /** Writes to the debug log; `undefined` while that is off. */
  readonly log: ((message: string, details: object) => void) | undefined;
  /** Reads the user context, which a callback may have changed. */
  readUser(context: EvaluationCall, user: UserContext, settings: SharedSettings): void;
}

/** Calls the callbacks for one user of a client. The memory is that of the user context, if it has one. */
export class UserObserver implements Observer {
  readonly global: GlobalCallbacks;
  readonly user: UserContext;
  readonly reports: Reports;
  readonly #reader: UserReader;
  readonly #settings: SharedSettings;
  readonly #context: EvaluationCall;

  constructor(reader: UserReader, user: UserContext, context: EvaluationCall) {
    this.global = reader.global;
    this.user = user;
    this.reports = reader.reports;
    this.#reader = reader;
    this.#settings = reader.settings;
    this.#context = context;
  }

  get log(): UserReader["log"] {
    const { log } = this.#reader;
    if (log === undefined) return undefined;
    return (message, details) => {
      log(message, details);
      this.#readUser();
    };
  }

  viewed(outcome: ObservedOutcome): ObservedOutcome {
    const { trackedExperiments } = this.user;
    if (trackedExperiments) {
      const { exposureKey } = outcome;
      if (trackedExperiments.has(exposureKey)) return outcome;
      trackedExperiments.add(exposureKey);
    }
    announceExperiment(this, outcome);
    this.#readUser();
    return outcome;
  }

  used(key: string, decision: Decision, context: EvaluationCall): void {
    if (announceUsage(this, key, decision, context)) this.#readUser();
  }

  #readUser(): void {
    this.#reader.readUser(this.#context, this.user, this.#settings);
  }
}
