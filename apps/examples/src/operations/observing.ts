// For production: set EPPO_API_KEY, leave EPPO_BASE_URL unset, and start the OpenTelemetry SDK of your platform.
import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { init, lastUse } from "@sortition/node";
import { openTelemetry } from "@sortition/opentelemetry";

// Your application already has a provider. This one keeps its metrics in memory.
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

const use = lastUse();
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: { logAssignment() {} },
  onEvaluation: [openTelemetry(), use.observe],
});
client.getStringAssignment("test-checkout", "user-1", {}, "standard_checkout");
client.getStringAssignment("test-checkout", "user-1", {}, "standard_checkout");
client.getStringAssignment("test-chekout", "user-1", {}, "standard_checkout");

await reader.forceFlush();
const [resource] = exporter.getMetrics();
for (const { dataPoints, descriptor } of resource?.scopeMetrics[0]?.metrics ?? []) {
  for (const { attributes, value } of dataPoints) {
    const { "feature_flag.key": key, "feature_flag.result.reason": reason } = attributes;
    console.log(descriptor.name, key, reason, value);
  }
}
for (const { evaluations, flagKey, isKnown } of use.flags().values()) {
  console.log("used", flagKey, evaluations, isKnown);
}
await reader.shutdown();
await client.close();

// Prints:
//   feature_flag.evaluations test-checkout split 2
//   feature_flag.evaluations test-chekout error 1
//   used test-chekout 1 false
//   used test-checkout 2 true
