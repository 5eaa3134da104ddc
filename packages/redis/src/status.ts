export type {
  FleetConfiguration,
  FleetLeader,
  FleetOutbox,
  FleetPart,
  FleetPoll,
  FleetStatus,
} from "./fleet-status/fleet-status.js";
export { type FleetStatusOptions, readFleetStatus } from "./fleet-status/read-fleet-status.js";
