import type { SimulationFigures } from "./simulate.js";

/**
 * Figures per worker from one run of the simulation. The sizing table in the guide is computed from
 * them.
 */
export const MEASURED: Pick<
  SimulationFigures,
  | "callsPerInterval"
  | "bytesPerInterval"
  | "callsPerChange"
  | "bytesPerChange"
  | "cpuMsPerCall"
  | "memoryBytesPerWorker"
> = {
  callsPerInterval: 3,
  bytesPerInterval: 2_320,
  callsPerChange: 1.32,
  bytesPerChange: 6_620,
  cpuMsPerCall: 0.046,
  memoryBytesPerWorker: 77_300,
};
