import { cpus, loadavg } from "node:os";

export type Machine = ReturnType<typeof describeMachine>;

/** Describes this machine, with its load at the moment: the average of the last minute. */
export function describeMachine() {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? "unknown processor",
    cores: cpus().length,
    loadAverage: loadavg()[0] ?? Number.NaN,
  };
}
