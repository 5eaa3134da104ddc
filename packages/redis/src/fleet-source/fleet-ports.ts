import type { FleetServicesPorts } from "../fleet-services.js";
import type { Settings } from "../settings.js";

/** Dependencies that all uses of Redis share. */
export interface FleetPorts extends FleetServicesPorts {
  readonly settings: Settings;
}
