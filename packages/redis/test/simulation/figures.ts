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
  callsPerInterval: 2.99,
  bytesPerInterval: 2_320,
  callsPerChange: 1.48,
  bytesPerChange: 6_750,
  cpuMsPerCall: 0.041,
  memoryBytesPerWorker: 77_300,
};
