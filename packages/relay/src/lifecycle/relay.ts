import type { Worker } from "node:worker_threads";
import { type Clock, type Diagnostics, pinoDiagnostics } from "@sortition/core";
import { createClock, OptionError } from "@sortition/core/internal";
import type { Logger } from "pino";
import { createAdmin } from "../admin/admin.js";
import { createMetrics } from "../admin/metrics.js";
import type { EnvironmentConfig, RelayConfig } from "../config/config.js";
import type { ListenAddress } from "../config/listen.js";
import { settleAll } from "../config/reading.js";
import { createEndpoints } from "../endpoints/endpoints.js";
import { Environment } from "../environment/environment.js";
import { Environments } from "../environment/environments.js";
import { ReadinessCheck } from "../environment/readiness.js";
import { createApp } from "../http/app.js";
import { EventStreams } from "../http/event-streams.js";
import { beginExchange } from "../http/exchange.js";
import { PassThrough } from "../http/pass-through.js";
import { Refusals } from "../http/refusals.js";
import { noteServed } from "../http/served.js";
import { startServer } from "../http/server.js";
import { OpenViews } from "../views/open-views.js";
import type { ReloadResult } from "../views/reload-result.js";
import { type RelayStatus, statusOf } from "../views/status.js";
import { reload } from "./reload.js";

/** Time limit of a shutdown after the drain. With the default `drainMs` it ends before `docker stop` kills the process. */
const END_MS = 4_500;
/** How long requests that began before a reload may still evaluate. */
const GRACE_MS = 1_000;
/** Part of `END_MS` for requests that are still open after the drain. */
const REQUESTS_MS = 2_000;
/** Minimum time for delivering exposures. */
const EXPOSURES_MS = 1_000;
/** How long a changed environment may take to get its flags during a reload. */
const RELOAD_MS = 10_000;
/** Time over which readers of streams reconnect to another replica. */
const RETRY_SPREAD_MS = 10_000;

const HOUR_MS = 3_600_000;

export interface RelayOptions {
  /** Reads the configuration again. Default: reloads are rejected. */
  readonly readAgain?: (() => RelayConfig) | undefined;
  /** Parts of the clock to replace, for tests. */
  readonly clock?: Partial<Clock> | undefined;
  /** How long the relay issues the same ticket. Default: an hour. Replaced in tests. */
  readonly ticketHourMs?: number | undefined;
  /** Starts the worker thread that compiles stored revisions. Replaced in tests. */
  readonly startThread?: (() => Worker) | undefined;
}

/** A running relay. */
export interface Relay {
  /** Address for SDKs. */
  readonly address: ListenAddress;
  /** Address for operators and Prometheus. */
  readonly adminAddress: ListenAddress;
  readonly environments: readonly Environment[];
  readonly streams: Pick<EventStreams, "count" | "dropped">;
  /**
   * Reads the configuration again, and replaces the environments that changed. Reloads run one after another.
   *
   * Rejects with an OptionError or ConfigProblems if the configuration is invalid. Nothing is changed in that case.
   */
  reload(): Promise<ReloadResult>;
  /**
   * Shuts down. `/readyz` fails at once, streams end, requests finish, then environments close. Takes at most `drainMs` + 4.5 s.
   *
   * @returns the number of exposures that were lost.
   */
  close(): Promise<number>;
}

/**
 * Starts a relay, which listens and fetches configurations.
 *
 * Rejects with an OptionError if a vendor's package rejects an option, or if an address cannot be used. No vendor was
 * contacted in that case.
 */
export async function startRelay(
  config: RelayConfig,
  log: Logger,
  { clock: givenClock, readAgain, startThread, ticketHourMs = HOUR_MS }: RelayOptions = {},
): Promise<Relay> {
  const diagnostics: Diagnostics = pinoDiagnostics(log);
  const clock = createClock(givenClock);
  const diagnosticsOf = (environment: string): Diagnostics =>
    pinoDiagnostics(log.child({ environment }));
  const open = (it: EnvironmentConfig): Promise<Environment> =>
    Environment.open(it, clock, diagnosticsOf(it.name));
  const opened: Environment[] = [];
  await settleAll(config.environments.map((it) => async () => opened.push(await open(it))));
  const environments = new Environments(opened);
  const refusals = new Refusals(diagnostics, clock);
  const metrics = createMetrics();
  const { served } = metrics;
  const { drainMs, maxStreams, streamLifeMs } = config;
  const readiness = new ReadinessCheck({ environments, rule: config.readiness, clock });
  const streams = new EventStreams({ maxStreams, streamLifeMs, clock });
  const answerSdks = createApp({
    ...{ clock, environments, diagnostics, readiness, refusals, served, streams },
    endpoints: createEndpoints({ ...config, refusals, streams, clock, ticketHourMs }),
  });
  metrics.observe({ environments, refusals, streams });
  const passThrough = new PassThrough({ environments, refusals, clock });
  const server = await startServer({
    option: "listen",
    address: config.listen,
    isLong: (incoming) => passThrough.find(incoming) !== null,
    async listener(incoming, outgoing) {
      const passed = passThrough.find(incoming);
      if (passed === null) {
        await answerSdks(incoming, outgoing);
        return;
      }
      const exchange = beginExchange(incoming, outgoing);
      noteServed(exchange, served, await passThrough.handle(exchange, passed));
    },
  });
  const status = (): RelayStatus => statusOf(environments, streams, readiness.ofAll().isReady);
  const views = new OpenViews({ clock, diagnosticsOf, startThread });
  views.show(opened);
  const end = async (environment: Environment, timeoutMs: number): Promise<number> => {
    streams.closeOf(environment, RETRY_SPREAD_MS);
    const lost = await environment.close(timeoutMs);
    passThrough.forget(environment);
    return lost;
  };
  let current = config;
  const reloadOnce = async (): Promise<ReloadResult> => {
    if (readAgain === undefined) throw new OptionError("reload", "needs a configuration file");
    const next = readAgain();
    const result = await reload(
      next,
      {
        ...{ config: current, environments, open },
        async serve(all, ended) {
          environments.replace(all);
          views.show(all);
          // Open requests may still evaluate.
          await new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref());
          await Promise.all(ended.map((it) => end(it, END_MS)));
        },
      },
      RELOAD_MS,
    );
    current = next;
    log.info({ ...result }, "reloaded");
    return result;
  };
  let reloading: Promise<unknown> = Promise.resolve();
  const reloadNext = (): Promise<ReloadResult> => {
    const result = reloading.then(reloadOnce);
    reloading = result.catch(() => {});
    return result;
  };
  const admin = await startServer({
    option: "admin.listen",
    address: config.admin.listen,
    listener: createAdmin({
      ...{ clock, config: config.admin, diagnostics, metrics, status, views: views.byName },
      reload: readAgain === undefined ? null : reloadNext,
    }),
  }).catch(async (error) => {
    await server.close({ drainMs: 0, timeoutMs: 0 });
    throw error;
  });
  for (const it of environments) it.start();
  return {
    address: server.address,
    adminAddress: admin.address,
    get environments() {
      return [...environments];
    },
    streams,
    reload: reloadNext,
    async close() {
      const endsAtMs = performance.now() + drainMs + END_MS;
      readiness.end();
      streams.close(RETRY_SPREAD_MS);
      await server.close({ drainMs, timeoutMs: drainMs + REQUESTS_MS });
      await reloading;
      await admin.close({ drainMs: 0, timeoutMs: 0 });
      await views.close();
      const leftMs = Math.max(EXPOSURES_MS, Math.floor(endsAtMs - performance.now()));
      const lost = await Promise.all([...environments].map((it) => end(it, leftMs)));
      passThrough.close();
      return lost.reduce((sum, count) => sum + count, 0);
    },
  };
}
