// For production: set EPPO_API_KEY, leave EPPO_BASE_URL unset, and read the metrics with your platform's exporter.
import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { type Client, init } from "@sortition/node";

/** Exports a client's status; it is read once per collection. */
function exportMetrics(client: Client): void {
  const meter = metrics.getMeter("sortition");
  const age = meter.createObservableGauge("sortition.configuration.age", { unit: "s" });
  const accepted = meter.createObservableCounter("sortition.exposures.accepted");
  const lost = meter.createObservableGauge("sortition.exposures.lost");
  const failing = meter.createObservableGauge("sortition.exposures.failing");
  const mistakes = meter.createObservableCounter("sortition.evaluations.mistakes");
  meter.addBatchObservableCallback(
    (result) => {
      const { ageMs, counters, state } = client.status;
      if (ageMs !== null) result.observe(age, ageMs / 1_000, { state });
      result.observe(accepted, counters.exposures.accepted);
      for (const [logger, counts] of Object.entries(counters.exposures.loggers)) {
        // Includes events that the logger accepted and then lost: to a full disk, or a service that rejects them.
        const { failed, dropped } = counts.totals;
        result.observe(lost, failed, { logger, kind: "failed" });
        result.observe(lost, dropped, { logger, kind: "dropped" });
        const { failing: isFailing } = { failing: false, ...counts.downstream };
        result.observe(failing, Number(isFailing), { logger });
      }
      for (const [kind, count] of Object.entries(counters.evaluations)) {
        result.observe(mistakes, count, { kind });
      }
    },
    [age, accepted, lost, failing, mistakes],
  );
}

// Your application already has a provider. This one keeps its metrics in memory.
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    name: "mine",
    logAssignment() {},
    stats: () => ({ failed: 1, failing: true }), // like a file logger whose disk is full
  },
});
exportMetrics(client);
client.getStringAssignment("test-checkout", "user-1", {}, "standard_checkout");
client.getStringAssignment("test-chekout", "user-1", {}, "standard_checkout"); // a mistake, which is counted

await reader.forceFlush();
for (const { descriptor, dataPoints } of exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? []) {
  const points = dataPoints.filter(({ value }) => value !== 0);
  console.log(descriptor.name, ...points.map(({ attributes }) => JSON.stringify(attributes)));
}
await reader.shutdown();
await client.close();

// Prints:
//   sortition.configuration.age {"state":"ready"}
//   sortition.exposures.accepted {}
//   sortition.exposures.lost {"logger":"mine","kind":"failed"}
//   sortition.exposures.failing {"logger":"mine"}
//   sortition.evaluations.mistakes {"kind":"unknownFlag"}
