import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Environment } from "../environment/environment.js";
import type { EventStreams } from "../http/event-streams.js";
import type { Refusals } from "../http/refusals.js";
import type { Served } from "../http/served.js";

const PREFIX = "sortition_relay_";

export interface MetricsParts {
  readonly environments: readonly Environment[];
  readonly streams: Pick<EventStreams, "countOf" | "dropped">;
  readonly refusals: Pick<Refusals, "count">;
}

/** Figures for Prometheus. Labels are names of the configuration and templates of routes: nothing that a caller chooses. */
export interface Metrics {
  readonly served: Served;
  readonly contentType: string;
  /** Connects the figures that are read with each request of `/metrics`. */
  observe(parts: MetricsParts): void;
  text(): Promise<string>;
}

/** Creates the figures, with those of the process and its event loop. */
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
  return {
    contentType: registry.contentType,
    served({ environment, route, status, token }) {
      requests.inc({ route, status, environment: environment ?? "", token: token ?? "" });
    },
    observe(parts) {
      observe(registry, parts);
    },
    text: () => registry.metrics(),
  };
}

function observe(registry: Registry, { environments, refusals, streams }: MetricsParts): void {
  const registers = [registry];
  const labelNames = ["environment"] as const;
  const perEnvironment = (
    name: string,
    help: string,
    read: (environment: Environment) => number | null,
  ): void => {
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const it of environments) {
          const value = read(it);
          if (value !== null) this.set({ environment: it.name }, value);
        }
      },
    });
  };
  const total = (name: string, help: string, value: () => number): void => {
    new Counter({
      name: `${PREFIX}${name}`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  };
  perEnvironment("ready", "Whether there is a configuration", (it) =>
    it.answers === null ? 0 : 1,
  );
  perEnvironment("age_seconds", "Since the vendor confirmed the configuration", ({ ageMs }) =>
    ageMs === null ? null : ageMs / 1_000,
  );
  perEnvironment("streams", "Streams that are open", (it) => streams.countOf(it));
  new Counter({
    name: `${PREFIX}exposures_refused_total`,
    help: "Requests with exposures that were refused because too many wait for Redis",
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { exposures, name: environment } of environments) {
        if (exposures !== null) this.inc({ environment }, exposures.refused);
      }
    },
  });
  new Counter({
    name: `${PREFIX}attempts_total`,
    help: "Attempts of this replica to get a configuration, by outcome",
    labelNames: ["environment", "outcome"] as const,
    registers,
    collect() {
      this.reset();
      for (const { attempts, name: environment } of environments) {
        this.inc({ environment, outcome: "succeeded" }, attempts.succeeded);
        this.inc({ environment, outcome: "failed" }, attempts.failed);
      }
    },
  });
  total("dropped_streams_total", "Streams that were dropped because their reader stalled", () => {
    return streams.dropped;
  });
  total("refused_total", "Requests with a missing or wrong token", () => refusals.count);
}
