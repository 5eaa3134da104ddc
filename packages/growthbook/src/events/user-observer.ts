import type { Observer } from "../dialect/evaluation/observer.js";
import type { Experiment, FeatureResult, Result } from "../dialect/wire.js";
import type { Reports } from "../messages/reports.js";
import { announceExperiment, announceUsage, type GlobalCallbacks } from "./announce.js";
import type { UserContext } from "./user-context.js";

/** Calls the callbacks for one user of a client. The memory is that of the user context, if it has one. */
export class UserObserver implements Observer {
  readonly global: GlobalCallbacks;
  readonly user: UserContext;
  readonly reports: Reports;
  /** `undefined` while the debug log is off. */
  readonly log: ((message: string, details: object) => void) | undefined;

  constructor(
    global: GlobalCallbacks,
    user: UserContext,
    reports: Reports,
    log: ((message: string, details: object) => void) | undefined,
  ) {
    this.global = global;
    this.user = user;
    this.reports = reports;
    this.log = log;
  }

  viewed(experiment: Experiment<unknown>, result: Result<unknown>): void {
    announceExperiment(this, experiment, result);
  }

  used(key: string, result: FeatureResult): void {
    announceUsage(this, key, result);
  }
}
