import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import type { ObservedOutcome } from "../dialect/evaluation/experiment/outcome.js";
import type { Decision } from "../dialect/evaluation/feature/decision.js";
import type { Observer } from "../dialect/evaluation/observer.js";
import type { Reports } from "../messages/reports.js";
import { announceExperiment, announceUsage, type GlobalCallbacks } from "./announce.js";
import type { UserContext } from "./user-context.js";

/** Of a client. */
export interface ClientSettings extends GlobalCallbacks {
  readonly options: Pick<UserContext, "enabled" | "qaMode">;
}

/** What a client's evaluations read of their user. */
export interface UserReader {
  /** Writes to the debug log; `undefined` while that is off. */
  readonly log: ((message: string, details: object) => void) | undefined;
  /** Reads the user context, which a callback may have changed. */
  readUser(context: EvaluationCall, user: UserContext, global: ClientSettings): void;
}

/** Calls the callbacks for one user of a client. The memory is that of the user context, if it has one. */
export class UserObserver implements Observer {
  readonly global: ClientSettings;
  readonly user: UserContext;
  readonly reports: Reports;
  readonly reader: UserReader;

  constructor(global: ClientSettings, user: UserContext, reports: Reports, reader: UserReader) {
    this.global = global;
    this.user = user;
    this.reports = reports;
    this.reader = reader;
  }

  get log(): UserReader["log"] {
    return this.reader.log;
  }

  viewed(outcome: ObservedOutcome, context: EvaluationCall): ObservedOutcome {
    const { trackedExperiments } = this.user;
    if (trackedExperiments) {
      const { exposureKey } = outcome;
      if (trackedExperiments.has(exposureKey)) return outcome;
      trackedExperiments.add(exposureKey);
    }
    announceExperiment(this, outcome);
    this.reader.readUser(context, this.user, this.global);
    return outcome;
  }

  used(key: string, decision: Decision, context: EvaluationCall): void {
    const isHeard = announceUsage(this, key, decision, context);
    if (isHeard) this.reader.readUser(context, this.user, this.global);
  }
}
