import { cpus, loadavg } from "node:os";

export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  /** Load average of the last minute before the run. */
  readonly loadAverage: number;
}

/** Describes this machine, with its load at the moment. */
export function describeMachine(): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? "unknown processor",
    cores: cpus().length,
    loadAverage: loadavg()[0] ?? Number.NaN,
  };
}
