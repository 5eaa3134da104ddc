import { type Client, Configuration, createClient, type Diagnostics } from "@sortition/core";
import type { ValueType } from "@sortition/core/dialect";
import {
  type LaunchdarklyDetails,
  type LaunchdarklyExtras,
  type LaunchdarklyOptions,
  launchdarkly,
} from "../src/dialect.js";

/** What both SDKs return for a flag. */
export interface Outcome {
  readonly value: unknown;
  readonly variationIndex: number | null;
  readonly reason: unknown;
}

export type LaunchdarklyClient = Client<LaunchdarklyDetails, LaunchdarklyExtras>;

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/** Creates a client for a payload, as JSON or as its text. */
export function clientOf(payload: unknown, options: LaunchdarklyOptions = {}): LaunchdarklyClient {
  const dialect = launchdarkly(options);
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const bytes = new TextEncoder().encode(text);
  return createClient<LaunchdarklyDetails, LaunchdarklyExtras>({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
    assignmentLogger: null,
    diagnostics: SILENT,
  });
}

/** Evaluates a flag for a context in the vendor's format. */
export function evaluate(
  client: LaunchdarklyClient,
  flagKey: string,
  context: unknown,
  defaultValue: unknown,
  type: Exclude<ValueType, "integer"> | null = null,
): Outcome {
  const { evaluationDetails, value } = client.evaluate({
    flagKey,
    subjectKey: "subject", // replaced by the context
    extras: { context },
    defaultValue,
    expectedType: type === "numeric" ? "number" : type,
  });
  const { reason, variationIndex } = evaluationDetails;
  return { value, variationIndex, reason: JSON.parse(JSON.stringify(reason)) };
}
