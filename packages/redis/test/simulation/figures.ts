import type { SimulationFigures } from "./simulate.js";

/** What the sizing table of the guide is computed from: one run of the simulation, per worker. */
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
