import { randomBytes } from "node:crypto";
import { type Clock, createClock, type Diagnostics } from "@sortition/core/internal";
import { Connections } from "../../src/connection/connections.js";
import {
  createFleetServices,
  type FleetServices,
  type UseCounters,
} from "../../src/fleet-services.js";
import { checkOptions } from "../../src/options/settings.js";

/** The services of a use in a separate process. */
export interface TestHost extends FleetServices {
  readonly reports: readonly string[];
  readonly counters: { readonly [Kind in keyof UseCounters]: readonly (() => UseCounters[Kind])[] };
  close(): void;
}

/** Longer than a test may take, so that only another time limit can end a command. */
export const TOO_LONG_MS = 600_000;

/** Options of a test host. */
export interface TestHostOptions {
  readonly namespace?: string;
  readonly commandTimeoutMs?: number | undefined;
  readonly clock?: Clock;
}

/** Creates the host of one simulated process. */
export function createTestHost(
  redis: string,
  { clock = createClock(), commandTimeoutMs = 1_000, namespace = "test" }: TestHostOptions = {},
): TestHost {
  const connectTimeoutMs = 2 * commandTimeoutMs;
  const settings = checkOptions({
    redis,
    namespace,
    pollIntervalMs: 6_000,
    commandTimeoutMs,
    connectTimeoutMs,
  });
  const connections = new Connections(redis, settings, { clock, random: Math.random });
  const reports: string[] = [];
  const note =
    (level: string) =>
    (message: string): void =>
      void reports.push(`${level} ${message}`);
  const diagnostics: Diagnostics = {
    debug: note("debug"),
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
  };
  const counters: { [Kind in keyof UseCounters]: (() => UseCounters[Kind])[] } = {
    dedupe: [],
    outbox: [],
  };
  const onClose = () => () => {};
  const host = createFleetServices(
    { connections, diagnostics, settings, onClose },
    {
      clock,
      random: Math.random,
      token: `worker.${randomBytes(16).toString("hex")}`,
      addCounters: (kind, read) => void counters[kind].push(read),
    },
  );
  return Object.assign(host, { reports, counters, close: () => connections.commands.close() });
}
