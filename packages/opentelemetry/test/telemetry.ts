import { context, type Span, trace } from "@opentelemetry/api";
import { logs as logsApi } from "@opentelemetry/api-logs";
import { logs, metrics, NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { type Client, type ClientOptions, Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";

/** An OpenTelemetry SDK that exports to memory. */
export class Telemetry {
  readonly spans: tracing.InMemorySpanExporter = new tracing.InMemorySpanExporter();
  readonly logs: logs.InMemoryLogRecordExporter = new logs.InMemoryLogRecordExporter();
  readonly metrics: metrics.InMemoryMetricExporter = new metrics.InMemoryMetricExporter(
    metrics.AggregationTemporality.CUMULATIVE,
  );
  readonly #reader: metrics.PeriodicExportingMetricReader;
  readonly #sdk: NodeSDK;

  constructor() {
    this.#reader = new metrics.PeriodicExportingMetricReader({ exporter: this.metrics });
    this.#sdk = new NodeSDK({
      autoDetectResources: false,
      spanProcessors: [new tracing.SimpleSpanProcessor(this.spans)],
      logRecordProcessors: [new logs.SimpleLogRecordProcessor(this.logs)],
      metricReader: this.#reader,
    });
    this.#sdk.start();
  }

  /** Returns the points of a metric, by their attributes as JSON. */
  async points(name: string): Promise<Readonly<Record<string, unknown>>> {
    await this.#reader.forceFlush();
    const all = this.metrics.getMetrics().at(-1)?.scopeMetrics ?? [];
    const metric = all.flatMap((it) => it.metrics).find((it) => it.descriptor.name === name);
    const points = metric?.dataPoints ?? [];
    return Object.fromEntries(points.map((it) => [JSON.stringify(it.attributes), it.value]));
  }

  async close(): Promise<void> {
    await this.#sdk.shutdown();
    logsApi.disable();
    trace.disable();
    context.disable();
  }
}

/** Runs code in a span and returns the span's final attributes. */
export async function inSpan(
  { spans }: Telemetry,
  run: (span: Span) => unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const tracer = trace.getTracer("test");
  await tracer.startActiveSpan("request", async (span) => {
    await run(span);
    span.end();
  });
  return spans.getFinishedSpans().at(-1)?.attributes ?? {};
}

const everybody = [{ shards: [], variationKey: "on" }];

/**
 * Returns 40 plain flags and the flag `checkout`, which is an experiment for all subjects.
 *
 * @param more - members by flag.
 */
export function configurationOf(more: Readonly<Record<string, object>> = {}): Configuration {
  const flag = (key: string, own: object = {}) => ({
    key,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { on: { key: "on", value: "secret-value" } },
    allocations: [{ key: "all", splits: everybody, doLog: true }],
    ...own,
    ...more[key],
  });
  const flags = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`flag-${i}`, flag(`flag-${i}`)]),
  );
  const payload = {
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: {
      ...flags,
      checkout: flag("checkout"),
      disabled: flag("disabled", { enabled: false }),
      gold: flag("gold", {
        allocations: [
          {
            key: "gold",
            rules: [{ conditions: [{ attribute: "plan", operator: "ONE_OF", value: ["gold"] }] }],
            splits: everybody,
            doLog: false,
          },
        ],
      }),
    },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  return Configuration.from({ dialect: eppo(), payloads: { flags: bytes } });
}

/** Creates a client with the flags of {@link configurationOf}. */
export function observedClient(options: Partial<ClientOptions>): Client {
  return createClient({
    dialect: eppo(),
    initialConfiguration: configurationOf(),
    assignmentLogger: null,
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    ...options,
  } as ClientOptions);
}
