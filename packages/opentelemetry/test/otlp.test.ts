import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { context, metrics as metricsApi, trace } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { metrics, NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { observeStatus, openTelemetry } from "../src/index.js";
import { observedClient } from "./telemetry.js";

let collector: Server;
let received: { readonly path: string; readonly body: string }[];
let url: string;

beforeEach(async () => {
  received = [];
  collector = createServer(async (request, response) => {
    received.push({ path: request.url ?? "", body: await text(request) });
    response.end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterEach(async () => {
  trace.disable();
  context.disable();
  metricsApi.disable();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

describe("data that a collector receives by OTLP over HTTP", () => {
  it("contains the flags of a request on its span, and counts without subjects and values", async () => {
    const sdk = new NodeSDK({
      autoDetectResources: false,
      spanProcessors: [
        new tracing.SimpleSpanProcessor(new OTLPTraceExporter({ url: `${url}/traces` })),
      ],
      metricReader: new metrics.PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${url}/metrics` }),
      }),
    });
    sdk.start();
    const client = observedClient({ onEvaluation: openTelemetry() });
    observeStatus(client);
    trace.getTracer("test").startActiveSpan("request", (span) => {
      client.getStringAssignment("checkout", "personal-key", { mail: "personal-mail" }, "own");
      span.end();
    });
    await sdk.shutdown();
    const bodies = (path: string): string =>
      received
        .filter((it) => it.path === path)
        .map(({ body }) => body)
        .join("\n");
    expect(bodies("/traces")).toContain(
      '{"key":"feature_flag.checkout.variant","value":{"stringValue":"on"}}',
    );
    const counted = bodies("/metrics");
    expect(counted).toContain('"name":"feature_flag.evaluations"');
    expect(counted).toContain('"name":"sortition.configuration.consecutive_failures"');
    expect(counted).not.toMatch(/personal-key|personal-mail|secret-value|"own"/);
  });
});
