import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import type { ObservedOutcome } from "../dialect/evaluation/experiment/outcome.js";
import type { Decision } from "../dialect/evaluation/feature/decision.js";
import type { Observer } from "../dialect/evaluation/observer.js";
import type { Reports } from "../messages/reports.js";
import { announceExperiment, announceUsage, type GlobalCallbacks } from "./announce.js";
import type { UserContext } from "./user-context.js";

/** The settings of a client that evaluations read. */
export interface ClientSettings extends Readonly<GlobalCallbacks> {
  readonly enabled: boolean | undefined;
  readonly qaMode: boolean | undefined;
}

/** Reads a user on behalf of a client's evaluations. */
export interface UserReader {
  /** Writes to the debug log. `undefined` while it is disabled. */
  readonly log: ((message: string, details: Record<string, unknown>) => void) | undefined;
  /** Reads the user context again, because a callback may have changed it. */
  readUser(context: EvaluationCall, user: UserContext, global: ClientSettings): void;
}

export interface UserObserverParts {
  readonly global: ClientSettings;
  readonly user: UserContext;
  /** The evaluation to observe. */
  readonly context: EvaluationCall;
  readonly reports: Reports;
  readonly reader: UserReader;
}

/** Calls the callbacks for one user of a client. Uses the memory of the user context, if it has one. */
export class UserObserver implements Observer {
  readonly global: ClientSettings;
  readonly user: UserContext;
  readonly reports: Reports;
  readonly #context: EvaluationCall;
  readonly #reader: UserReader;

  constructor({ context, global, reader, reports, user }: UserObserverParts) {
    this.global = global;
    this.user = user;
    this.reports = reports;
    this.#context = context;
    this.#reader = reader;
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

  used(key: string, decision: Decision): void {
    if (announceUsage(this, key, decision, this.#context)) this.#readUser();
  }

  /** A callback may have changed the user. */
  #readUser(): void {
    this.#reader.readUser(this.#context, this.user, this.global);
  }
}
