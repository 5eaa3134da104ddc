import type { Worker } from "node:worker_threads";
import { type Clock, type Diagnostics, pinoDiagnostics } from "@sortition/core";
import { createClock, OptionError, pause, within } from "@sortition/core/internal";
import type { Logger } from "pino";
import { TokenUses } from "../access/token-uses.js";
import { createAdmin } from "../admin/admin.js";
import { createMetrics } from "../admin/metrics.js";
import type { EnvironmentConfig, RelayConfig } from "../config/config.js";
import type { ListenAddress } from "../config/listen.js";
import { settleAll } from "../config/reading.js";
import { createEndpoints } from "../endpoints/endpoints.js";
import { Environment } from "../environment/environment.js";
import { EnvironmentBook } from "../environment/environment-book.js";
import { Environments } from "../environment/environments.js";
import { type MemoryShare, memoryShare } from "../environment/memory.js";
import { ReadinessCheck } from "../environment/readiness.js";
import { createApp } from "../http/app.js";
import { EventStreams } from "../http/event-streams.js";
import { beginExchange } from "../http/exchange.js";
import { PassThrough } from "../http/pass-through.js";
import { Refusals } from "../http/refusals.js";
import { noteServed, type Served, type ServedRequest } from "../http/served.js";
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
  /** Starts the worker thread that explains. Replaced in tests. */
  readonly startThread?: (() => Worker) | undefined;
}

/** An environment that another one has replaced, until it has ended. */
interface Former {
  readonly name: string;
  readonly ended: Promise<void>;
  /** Stops waiting for what Redis has. */
  stop(): void;
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
   * @returns the number of exposures that were lost since the relay started.
   */
  close(): Promise<number>;
  /** Number of exposures that may be lost, because a service or Redis did not respond before their logger was closed. */
  unconfirmed(): number;
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
  const books = new Map<string, EnvironmentBook>();
  const open = (it: EnvironmentConfig, memory: MemoryShare): Promise<Environment> => {
    const own = diagnosticsOf(it.name);
    const book = books.get(it.name) ?? new EnvironmentBook(own, clock);
    books.set(it.name, book);
    return Environment.open(it, { book, clock, memory, diagnostics: own });
  };
  const opened: Environment[] = [];
  const memory = memoryShare(config.environments.length);
  await settleAll(config.environments.map((it) => async () => opened.push(await open(it, memory))));
  const environments = new Environments(opened);
  const refusals = new Refusals(diagnostics, clock);
  const metrics = createMetrics();
  const served: Served = (request) => {
    metrics.served(request);
    if (config.accessLog) log.info(accessOf(request), "request");
  };
  const tokenUses = new TokenUses(clock, config.requestsPerSecond);
  const { drainMs, maxStreams, streamLifeMs } = config;
  const readiness = new ReadinessCheck({ environments, rule: config.readiness, clock });
  const streams = new EventStreams({ maxStreams, streamLifeMs, clock });
  const answerSdks = createApp({
    ...{ clock, environments, diagnostics, readiness, refusals, served, streams, tokenUses },
    endpoints: createEndpoints({ ...config, refusals, streams, tokenUses, clock, ticketHourMs }),
  });
  metrics.observe({ books, environments, refusals, streams });
  const passThrough = new PassThrough({ environments, refusals, clock, diagnostics, tokenUses });
  const server = await startServer({
    clock,
    option: "listen",
    onTls: () => refusals.noteTls(),
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
  const status = (): RelayStatus =>
    statusOf({ environments, streams, tokenUses, isReady: readiness.ofAll().isReady });
  const views = new OpenViews(clock, diagnosticsOf, startThread);
  views.show(opened);
  const end = async (environment: Environment, timeoutMs: number): Promise<void> => {
    streams.closeOf(environment, RETRY_SPREAD_MS);
    await environment.close(timeoutMs);
    passThrough.forget(environment);
  };
  /** Closes the loggers of an environment that no other one replaces. */
  const closeLoggers = async ({ name }: Environment, timeoutMs: number): Promise<void> => {
    await books.get(name)?.exposures.close(timeoutMs);
  };
  const ending = new AbortController();
  const formers = new Set<Former>();
  /** Lets open requests evaluate, and then ends an environment that another one replaces, when Redis has no more for it. */
  const endReplaced = (environment: Environment, next: Environment): Former => {
    // Until it ends, it may receive a newer version than its replacement has.
    streams.closeOf(environment, RETRY_SPREAD_MS);
    const stopping = new AbortController();
    const signal = AbortSignal.any([ending.signal, stopping.signal]);
    const endLater = async (): Promise<void> => {
      await pause(clock, GRACE_MS, { signal, holdsProcess: false });
      await environment.drain([next], signal);
      await end(environment, END_MS);
      formers.delete(former);
    };
    const { name } = environment;
    const former: Former = { name, ended: endLater(), stop: () => stopping.abort() };
    formers.add(former);
    return former;
  };
  /** Does the same for an environment that no other one replaces. Its loggers are closed within the time limit. */
  const endRemoved = async (environment: Environment, all: readonly Environment[]) => {
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(END_MS)]);
    await pause(clock, GRACE_MS, { signal: ending.signal, holdsProcess: false });
    for (const it of formers) if (it.name === environment.name) it.stop();
    await environment.drain(all, signal);
    await end(environment, END_MS);
    await closeLoggers(environment, END_MS);
  };
  let current = config;
  const reloadOnce = async (): Promise<ReloadResult> => {
    if (readAgain === undefined) throw new OptionError("reload", "needs a configuration file");
    const next = readAgain();
    const memory = memoryShare(next.environments.length);
    const result = await reload(next, {
      ...{ clock, config: current, environments, signal: ending.signal },
      open: (it) => open(it, memory),
      endStreams: (tokens) => streams.closeOfTokens(tokens, RETRY_SPREAD_MS),
      async serve(all, ended) {
        current = next;
        admin.setPassword(next.admin.password);
        readiness.settle();
        const known = new Set(environments);
        const byName = new Map(all.map((it) => [it.name, it]));
        const former = new Map(
          ended.map((it) => {
            const replacing = byName.get(it.name);
            const isOver =
              replacing === undefined ? endRemoved(it, all) : endReplaced(it, replacing).ended;
            return [it.name, isOver];
          }),
        );
        for (const it of all) if (!known.has(it)) it.serve(former.get(it.name));
        environments.replace(all);
        for (const it of all) it.memory = memory;
        views.show(all);
        // A drain takes as long as a logger's service is down.
        const limit = { clock, timeoutMs: GRACE_MS + END_MS, holdsProcess: false };
        await within(limit, () => Promise.all(former.values()));
      },
    });
    if (result.kept.length === 0) log.info({ ...result }, "reloaded");
    else log.warn({ ...result }, "reloaded, but some environments keep their former settings");
    return result;
  };
  let reloading: Promise<unknown> = Promise.resolve();
  const reloadNext = (): Promise<ReloadResult> => {
    const result = reloading.then(reloadOnce);
    reloading = result.catch(() => {});
    return result;
  };
  const admin = createAdmin({
    ...{ clock, config: config.admin, diagnostics, metrics, status, views: views.byName },
    reload: readAgain === undefined ? null : reloadNext,
  });
  const adminServer = await startServer({
    clock,
    option: "admin.listen",
    onTls: () => refusals.noteTls(),
    address: config.admin.listen,
    listener: admin.listener,
  }).catch(async (error) => {
    await server.close({ drainMs: 0, timeoutMs: 0 });
    throw error;
  });
  for (const it of environments) {
    it.start();
    it.serve();
  }
  return {
    address: server.address,
    adminAddress: adminServer.address,
    get environments() {
      return [...environments];
    },
    streams,
    reload: reloadNext,
    unconfirmed() {
      return [...books.values()].reduce((sum, { exposures }) => sum + exposures.unconfirmed, 0);
    },
    async close() {
      const endsAtMs = clock.monotonicMs() + drainMs + END_MS;
      ending.abort(new Error("the relay is ending"));
      readiness.end();
      streams.close(RETRY_SPREAD_MS);
      await server.close({ drainMs, timeoutMs: drainMs + REQUESTS_MS });
      await adminServer.close({ drainMs: 0, timeoutMs: 0 });
      await views.close();
      const leftMs = (): number =>
        Math.max(EXPOSURES_MS, Math.floor(endsAtMs - clock.monotonicMs()));
      const endings = [...environments].map(async (it) => {
        await end(it, leftMs());
        await closeLoggers(it, leftMs());
      });
      // A reload that has begun to serve other environments ends the former ones within the same time.
      await Promise.all([...endings, ...[...formers].map(({ ended }) => ended), reloading]);
      passThrough.close();
      return [...books.values()].reduce((sum, { exposures }) => sum + exposures.lost, 0);
    },
  };
}

/** Returns what the access log contains of a request: nothing that the caller chose, except the method. */
function accessOf({ durationMs, environment, method, route, status }: ServedRequest): object {
  const duration = durationMs === null ? {} : { durationMs: Math.round(durationMs * 10) / 10 };
  return { method, route, environment, status, ...duration };
}
