import type { Worker } from "node:worker_threads";
import { type Clock, type Diagnostics, pinoDiagnostics } from "@sortition/core";
import { createClock } from "@sortition/core/internal";
import type { Logger } from "pino";
import { createAdmin } from "./admin/admin.js";
import { createMetrics } from "./admin/metrics.js";
import type { RelayConfig } from "./config/config.js";
import type { ListenAddress } from "./config/listen.js";
import { Environment } from "./environment/environment.js";
import { historyOf } from "./history/history-of.js";
import { RevisionThread } from "./history/revision-thread.js";
import { createApp } from "./http/app.js";
import { EventStreams } from "./http/event-streams.js";
import { PassThrough } from "./http/pass-through.js";
import { Refusals } from "./http/refusals.js";
import { noteServed } from "./http/served.js";
import { startServer } from "./http/server.js";
import { environmentDiagnostics } from "./logging.js";
import { remoteEvaluation } from "./remote-evaluation/endpoints.js";
import { EnvironmentViews } from "./views/environment-views.js";
import { LiveFeed } from "./views/live-feed.js";
import { type RelayStatus, statusOf } from "./views/status.js";

/** Time in which everything has ended. */
const CLOSE_MS = 9_000;
/** Over which the readers of streams come back, to another replica. */
const RETRY_SPREAD_MS = 10_000;

/** How long new connections are still taken after the end began, so that idle ones can be told to close. */
const DRAIN_MS = 2_000;
const HOUR_MS = 3_600_000;

export interface RelayOptions {
  /** Default: 2 000. */
  readonly drainMs?: number | undefined;
  /** Parts of the clock to replace, for tests. */
  readonly clock?: Partial<Clock> | undefined;
  /** How long a ticket is the same, for tests. Default: an hour. */
  readonly ticketHourMs?: number | undefined;
  /** Starts the thread of kept revisions, for tests. */
  readonly startThread?: (() => Worker) | undefined;
}

/** A running relay. */
export interface Relay {
  /** Where SDKs reach it. */
  readonly address: ListenAddress;
  /** Where people and Prometheus reach it. */
  readonly adminAddress: ListenAddress;
  readonly environments: readonly Environment[];
  readonly streams: Pick<EventStreams, "count" | "dropped">;
  /** Ends it: not ready at once, streams end, requests finish, then environments close. Settles within 10 s. */
  close(): Promise<void>;
}

/**
 * Starts a relay: it listens, and asks the vendors.
 *
 * Rejects with an OptionError for an option that a vendor's package refuses, and for an address that cannot be used; nothing
 * has been requested then.
 */
export async function startRelay(
  config: RelayConfig,
  log: Logger,
  { clock: givenClock, drainMs = DRAIN_MS, startThread, ticketHourMs = HOUR_MS }: RelayOptions = {},
): Promise<Relay> {
  const diagnostics: Diagnostics = pinoDiagnostics(log);
  const clock = createClock(givenClock);
  const environments = await Promise.all(
    config.environments.map((it) =>
      Environment.open(it, clock, environmentDiagnostics(log, it.name)),
    ),
  );
  let isAccepting = true;
  const refusals = new Refusals(diagnostics, clock);
  const metrics = createMetrics();
  const { served } = metrics;
  const { maxStreams, streamLifeMs } = config;
  const isReady = (): boolean =>
    isAccepting && environments.every(({ answers }) => answers !== null);
  const streams = new EventStreams({ maxStreams, streamLifeMs, clock });
  const answerSdks = createApp({
    ...{ environments, diagnostics, refusals, served, streams, isReady },
    endpoints: remoteEvaluation({ ...config, refusals, streams, clock, ticketHourMs }),
  });
  metrics.observe({ environments, refusals, streams });
  const passThrough = new PassThrough({ environments, refusals, clock });
  const server = await startServer({
    option: "listen",
    address: config.listen,
    isLong: (incoming) => passThrough.find(incoming) !== null,
    async listener(incoming, outgoing) {
      const passed = passThrough.find(incoming);
      const exchange = { incoming, outgoing };
      if (passed === null) await answerSdks(incoming, outgoing);
      else noteServed(exchange, served, await passThrough.handle(exchange, passed));
    },
  });
  const status = (): RelayStatus => statusOf(environments, streams, isReady());
  const thread = new RevisionThread(startThread);
  const views = new Map(
    environments.map((environment) => {
      const own = environmentDiagnostics(log, environment.name);
      const history = historyOf(environment, { clock, diagnostics: own });
      const { loggers, name } = environment.config;
      const live = loggers.length === 0 ? null : new LiveFeed(environment, clock);
      return [name, new EnvironmentViews(environment, { clock, history, live, thread })];
    }),
  );
  const admin = await startServer({
    option: "admin.listen",
    address: config.admin.listen,
    listener: createAdmin({ config: config.admin, diagnostics, metrics, status, views }),
  }).catch(async (error) => {
    await server.close({ drainMs: 0, timeoutMs: 0 });
    throw error;
  });
  for (const it of environments) it.start();
  return {
    address: server.address,
    adminAddress: admin.address,
    environments,
    streams,
    async close() {
      isAccepting = false;
      streams.close(RETRY_SPREAD_MS);
      await server.close({ drainMs, timeoutMs: CLOSE_MS });
      passThrough.close();
      await admin.close({ drainMs: 0, timeoutMs: 0 });
      await thread.close();
      await Promise.all(environments.map((it) => it.close()));
      await Promise.all([...views.values()].map(({ history }) => history.settled()));
    },
  };
}
