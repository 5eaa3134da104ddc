import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricConfiguration,
  Registry,
} from "prom-client";
import type { Environment } from "../environment/environment.js";
import type { EnvironmentBook } from "../environment/environment-book.js";
import type { Environments } from "../environment/environments.js";
import type { ExposureCounts } from "../environment/logger-slot.js";
import type { EventStreams } from "../http/event-streams.js";
import type { Refusals } from "../http/refusals.js";
import type { Served } from "../http/served.js";
import { VERSION } from "../version.js";

const PREFIX = "sortition_relay_";
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface MetricsParts {
  /** By name, including environments that a reload removed. */
  readonly books: ReadonlyMap<string, EnvironmentBook>;
  readonly environments: Environments;
  readonly streams: Pick<EventStreams, "countOf" | "dropped">;
  readonly refusals: Pick<Refusals, "count">;
}

/** Metrics for Prometheus. Labels are names from the configuration and route templates, so callers cannot add any. */
export interface Metrics {
  readonly served: Served;
  readonly contentType: string;
  /** Registers the metrics whose values are read on each request of `/metrics`. */
  observe(parts: MetricsParts): void;
  text(): Promise<string>;
}

/** Creates the metrics, including those of the process and its event loop. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: `${PREFIX}requests_total`,
    help: "Requests, by route, status, environment and name of the token",
    labelNames: ["route", "status", "environment", "token"] as const,
    registers,
  });
  const durations = new Histogram({
    name: `${PREFIX}request_duration_seconds`,
    help: "Duration of requests by route, excluding streams",
    labelNames: ["route"] as const,
    buckets: SECONDS,
    registers,
  });
  const build = new Gauge({
    name: `${PREFIX}build_info`,
    help: "Version of the relay and of Node.js",
    labelNames: ["version", "node"] as const,
    registers,
  });
  build.set({ version: VERSION, node: process.versions.node }, 1);
  return {
    contentType: registry.contentType,
    served({ durationMs, environment, route, status, token }) {
      requests.inc({ route, status, environment: environment ?? "", token: token ?? "" });
      if (durationMs !== null) durations.observe({ route }, durationMs / 1_000);
    },
    observe: (parts) => observe(registry, parts),
    text: () => registry.metrics(),
  };
}

/** A value with its labels. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric whose value is read when Prometheus scrapes it. */
interface ObservedFigure {
  readonly kind: typeof Counter | typeof Gauge;
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  read(): Iterable<Sample> | Promise<Iterable<Sample>>;
}

function observe(registry: Registry, parts: MetricsParts): void {
  for (const { help, kind, labelNames, name, read } of figuresOf(parts)) {
    const configuration: MetricConfiguration<string> = {
      name: `${PREFIX}${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
    };
    const figure: Counter<string> | Gauge<string> = new kind({
      ...configuration,
      async collect() {
        const samples = [...(await read())];
        figure.reset();
        for (const [labels, value] of samples) figure.inc(labels, value);
      },
    });
  }
}

function figuresOf({
  books,
  environments,
  refusals,
  streams,
}: MetricsParts): readonly ObservedFigure[] {
  const labelNames = ["environment"];
  const perLogger = [...labelNames, "logger"];
  function* ofEnvironments(figureOf: (it: Environment) => number | null): Iterable<Sample> {
    for (const it of environments) {
      const figure = figureOf(it);
      if (figure !== null) yield [{ environment: it.name }, figure];
    }
  }
  function* ofLoggers(figureOf: (it: ExposureCounts) => number): Iterable<Sample> {
    for (const [environment, { exposures }] of books) {
      for (const it of exposures.counts()) {
        yield [{ environment, logger: it.logger }, figureOf(it)];
      }
    }
  }
  return [
    {
      ...{ kind: Gauge, name: "ready", help: "1 if there is a configuration", labelNames },
      read: () => ofEnvironments((it) => (it.answers === null ? 0 : 1)),
    },
    {
      ...{ kind: Gauge, name: "stale", labelNames },
      help: "1 if the vendor last confirmed the configuration too long ago",
      read: () => ofEnvironments((it) => (it.isStale ? 1 : 0)),
    },
    {
      ...{ kind: Gauge, name: "age_seconds", labelNames },
      help: "Time since the vendor confirmed the configuration",
      read: () => ofEnvironments(({ ageMs }) => (ageMs === null ? null : ageMs / 1_000)),
    },
    {
      ...{ kind: Gauge, name: "fleet_role", labelNames: [...labelNames, "role"] },
      help: "Role of this replica in the fleet: leader, follower, direct or starting",
      *read() {
        for (const { fleetStatus, name } of environments) {
          if (fleetStatus !== null) yield [{ environment: name, role: fleetStatus.role }, 1];
        }
      },
    },
    {
      ...{ kind: Gauge, name: "streams", help: "Open streams", labelNames },
      read: () => ofEnvironments((it) => streams.countOf(it)),
    },
    {
      ...{ kind: Counter, name: "exposures_accepted_total", labelNames: perLogger },
      help: "Exposures accepted by this replica",
      read: () => ofLoggers((it) => it.accepted),
    },
    {
      ...{ kind: Counter, name: "exposures_delivered_total", labelNames: perLogger },
      help: "Exposures delivered by this replica",
      read: () => ofLoggers((it) => it.delivered),
    },
    {
      ...{ kind: Gauge, name: "exposures_waiting", labelNames: perLogger },
      help: "Exposures waiting in this replica to be stored in Redis or delivered",
      read: () => ofLoggers((it) => it.waiting),
    },
    {
      ...{ kind: Gauge, name: "exposures_stored", labelNames: perLogger },
      help: "Exposures waiting in Redis for all replicas: use max, not sum",
      async read() {
        const stored = [...books].map(async ([environment, { exposures }]) =>
          [...(await exposures.stored())].map(
            ([logger, count]): Sample => [{ environment, logger }, count],
          ),
        );
        return (await Promise.all(stored)).flat();
      },
    },
    {
      ...{ kind: Counter, name: "exposures_lost_total", labelNames: [...perLogger, "reason"] },
      help: "Exposures lost by this replica",
      *read() {
        for (const [environment, { exposures }] of books) {
          for (const { logger, lost } of exposures.counts()) {
            for (const [reason, count] of Object.entries(lost)) {
              yield [{ environment, logger, reason }, count];
            }
          }
        }
      },
    },
    {
      ...{ kind: Counter, name: "exposures_unconfirmed_total", labelNames: perLogger },
      help: "Exposures that their service or Redis may have, because it did not respond before their logger was closed",
      read: () => ofLoggers((it) => it.unconfirmed),
    },
    {
      ...{ kind: Counter, name: "exposures_refused_total", labelNames },
      help: "Requests refused because their exposures could not have been stored",
      *read() {
        for (const [environment, { exposures }] of books) {
          yield [{ environment }, exposures.refused];
        }
      },
    },
    {
      ...{ kind: Counter, name: "attempts_total", labelNames: [...labelNames, "outcome"] },
      help: "Attempts by this replica to fetch a configuration, by outcome",
      *read() {
        for (const [environment, { attempts }] of books) {
          yield [{ environment, outcome: "succeeded" }, attempts.succeeded];
          yield [{ environment, outcome: "failed" }, attempts.failed];
        }
      },
    },
    {
      ...{ kind: Counter, name: "webhooks_refused_total", labelNames },
      help: "Webhooks with a missing, wrong or outdated signature",
      *read() {
        for (const [environment, { hasWebhooks, webhooks }] of books) {
          if (hasWebhooks) yield [{ environment }, webhooks.refused];
        }
      },
    },
    {
      ...{ kind: Counter, name: "dropped_streams_total", labelNames: [] },
      help: "Streams dropped because their reader stalled",
      read: () => [[{}, streams.dropped]],
    },
    {
      ...{ kind: Counter, name: "refused_total", labelNames: [] },
      help: "Requests with a missing or wrong token",
      read: () => [[{}, refusals.count]],
    },
  ];
}
