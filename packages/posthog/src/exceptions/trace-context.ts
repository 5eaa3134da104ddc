/**
 * Returns the ids of the current OpenTelemetry span as properties, or none. Finds the API through its global symbol.
 */
export function traceProperties(): { readonly $trace_id?: string; readonly $span_id?: string } {
  try {
    const api = (globalThis as { [key: symbol]: OpenTelemetryApi | undefined })[API];
    const { traceId, spanId } = api?.context?.active().getValue(SPAN)?.spanContext() ?? {};
    if (!isIdentifier(traceId, 32) || !isIdentifier(spanId, 16)) return {};
    return { $trace_id: traceId.toLowerCase(), $span_id: spanId.toLowerCase() };
  } catch {
    return {}; // another version of the API
  }
}

const API = Symbol.for("opentelemetry.js.api.1");
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

interface OpenTelemetryApi {
  readonly context?: {
    active(): { getValue(key: symbol): OpenTelemetrySpan | undefined };
  };
}

interface OpenTelemetrySpan {
  spanContext(): { readonly traceId?: unknown; readonly spanId?: unknown };
}

function isIdentifier(value: unknown, length: number): value is string {
  return (
    typeof value === "string" &&
    value.length === length &&
    /^[0-9a-f]+$/i.test(value) &&
    !/^0+$/.test(value)
  );
}
