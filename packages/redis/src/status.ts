export type {
  FleetConfiguration,
  FleetLeader,
  FleetNamedOutbox,
  FleetOutbox,
  FleetPart,
  FleetPoll,
  FleetSource,
  FleetStatus,
} from "./fleet-status/fleet-status.js";
export {
  type MoveOutboxOptions,
  moveOutbox,
  type OutboxPlace,
} from "./fleet-status/move-outbox.js";
export { type FleetStatusOptions, readFleetStatus } from "./fleet-status/read-fleet-status.js";
