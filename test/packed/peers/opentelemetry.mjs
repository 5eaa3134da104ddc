// Flags of an active span.
import assert from "node:assert/strict";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { init } from "@sortition/node";
import { openTelemetry } from "@sortition/opentelemetry";

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
// Version 3 of the SDK has other names.
const sdk = await import("@opentelemetry/sdk-trace").catch(
  () => import("@opentelemetry/sdk-trace-base"),
);
const exporter = new sdk.InMemorySpanExporter();
const spanProcessors = [new sdk.SimpleSpanProcessor(sdk.TracerProvider ? { exporter } : exporter)];
const Provider = sdk.TracerProvider ?? sdk.BasicTracerProvider;
const provider = new Provider({ spanProcessors });
trace.setGlobalTracerProvider(provider);
const client = await init({
  apiKey: "key",
  baseUrl: process.env.FLAGS_URL,
  assignmentLogger: null,
  onEvaluation: openTelemetry(),
});
const value = trace.getTracer("shop").startActiveSpan("checkout", (span) => {
  const given = client.getStringAssignment("checkout", "user-1", {}, "none");
  span.end();
  return given;
});
await client.close();
await provider.forceFlush();
const [span] = exporter.getFinishedSpans();
assert.notEqual(value, "none");
assert.equal(typeof span.attributes["feature_flag.checkout.variant"], "string");
console.log("ok");
