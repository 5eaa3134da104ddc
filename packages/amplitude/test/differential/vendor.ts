import { type ExperimentUser, LocalEvaluationClient } from "@amplitude/experiment-node-server";
import type { Call } from "./calls.js";
import type { GeneratedConfiguration } from "./configurations.js";
import { type Outcome, thrown } from "./outcome.js";

/** Members of the vendor's client that its types hide. */
interface Inner {
  readonly cohortStorage: { put(cohort: object): void };
  readonly assignmentService: Service;
  readonly exposureService: Service;
}

interface Service {
  readonly amplitude: { logEvent(event: object): void };
  track(of: object): Promise<void>;
}

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/** The vendor's local evaluation. Tracked events are collected instead of sent. */
export class Vendor {
  readonly #client: LocalEvaluationClient;
  #assignments: object[] = [];
  #exposures: object[] = [];

  constructor({ cacheCapacity, cohorts, flags }: GeneratedConfiguration) {
    const tracking = { apiKey: "analytics", cacheCapacity };
    this.#client = new LocalEvaluationClient("deployment", {
      bootstrap: Object.fromEntries(flags.map((flag) => [flag["key"], flag])) as never, // as generated
      assignmentConfig: tracking,
      exposureConfig: tracking,
      loggerProvider: SILENT,
    });
    const inner = this.#client as unknown as Inner;
    for (const cohort of cohorts) {
      inner.cohortStorage.put({ ...cohort, memberIds: new Set(cohort.memberIds) });
    }
    inner.assignmentService.amplitude.logEvent = (event) => this.#assignments.push(event);
    for (const service of [inner.assignmentService, inner.exposureService]) {
      const track = service.track.bind(service);
      // The client does not await it, so an error would be an unhandled rejection.
      service.track = (of) => track(of).catch(() => {});
    }
    inner.exposureService.amplitude.logEvent = (event) => this.#exposures.push(event);
  }

  async run(call: Call): Promise<Outcome> {
    this.#assignments = [];
    this.#exposures = [];
    const user = structuredClone(call.user) as ExperimentUser;
    const options = { tracksExposure: call.tracksExposure };
    const flagKeys = call.flagKeys as string[] | undefined;
    try {
      const variants = call.isDeprecated
        ? await this.#client.evaluate(user, flagKeys, options)
        : this.#client.evaluateV2(user, flagKeys, options);
      const events = { assignments: this.#assignments, exposures: this.#exposures };
      // Cloned, because events refer to the objects of the flags.
      return structuredClone({ variants, order: Object.keys(variants), ...events, user });
    } catch (error) {
      return thrown(error);
    }
  }
}
