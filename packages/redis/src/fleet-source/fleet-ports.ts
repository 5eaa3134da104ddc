import type { FleetServicesPorts } from "../fleet-services.js";
import type { Settings } from "../settings.js";

/** Dependencies shared by all uses of Redis. */
export interface FleetPorts extends FleetServicesPorts {
  readonly settings: Settings;
}
