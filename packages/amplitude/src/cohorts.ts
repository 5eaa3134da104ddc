export type { CohortSyncOptions } from "./source/cohort-options.js";
export type { CohortTransport } from "./source/cohort-request.js";
export { type WithCohortsOptions, withCohorts } from "./source/with-cohorts.js";
