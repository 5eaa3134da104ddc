import { EventHook } from "@openfeature/open-telemetry-hooks";
import { type EvaluationContext, OpenFeature } from "@openfeature/server-sdk";
import { logs } from "@opentelemetry/api-logs";
import { amplitude } from "@sortition/amplitude/dialect";
import {
  type AttributeValue,
  type Client,
  Configuration,
  createClient,
  type Dialect,
} from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import {
  type GeneratedCall,
  generateCall,
  generatePayload,
  PAYLOADS,
} from "@sortition/dialect-kit/openfeature";
import { growthbook } from "@sortition/growthbook/dialect";
import { SortitionProvider } from "@sortition/openfeature";
import { posthog } from "@sortition/posthog/dialect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EventLogger, openTelemetry } from "../src/index.js";

type Event = Parameters<EventLogger["emit"]>[0];

const DIALECTS = {
  eppo: () => eppo() as Dialect,
  growthbook: () => growthbook() as Dialect,
  amplitude: () => amplitude() as Dialect,
  posthog: () => posthog() as Dialect,
};
const CALLS = 1_000;
const CALLS_PER_PAYLOAD = 20;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Events of OpenFeature's hook: all loggers of the process write here. */
const hookEvents: Event[] = [];

beforeAll(() => {
  OpenFeature.setLogger(SILENT);
  logs.setGlobalLoggerProvider({
    getLogger: () => ({ emit: (record) => void hookEvents.push(record as Event) }),
  });
});
afterAll(() => logs.disable());

function clientOf(name: keyof typeof DIALECTS, payload: unknown, events: Event[]): Client | null {
  const dialect = DIALECTS[name]();
  try {
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    return createClient({
      dialect,
      initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
      assignmentLogger: null,
      diagnostics: SILENT,
      clock: { now: () => Date.UTC(2026, 5, 1) },
      onEvaluation: openTelemetry({
        logs: { emit: (record) => void events.push(record) },
        contextId: true,
        value: true,
        metrics: false,
      }),
    });
  } catch {
    return null; // the payload is unusable as a whole, or nests too deeply
  }
}

/** Calls the getter of ours that the provider stands for. */
function callOurs(client: Client, name: string, call: GeneratedCall): void {
  const { context, defaultValue, flagKey, getter } = call;
  const { targetingKey, ...members } = context;
  const plain = JSON.parse(JSON.stringify(members)) as Record<string, AttributeValue>;
  const attributes =
    name === "eppo"
      ? Object.fromEntries(
          Object.entries(plain).filter(([, it]) => typeof it !== "object" || it === null),
        )
      : plain;
  if (targetingKey === undefined) {
    const expectedType = getter === "object" ? "json" : getter;
    client.evaluate({ flagKey, subjectAttributes: attributes, defaultValue, expectedType });
    return;
  }
  const isInteger = client.getConfiguration()?.flag(flagKey)?.valueType === "integer";
  const type = { boolean: "Boolean", string: "String", object: "JSON" } as const;
  const suffix = getter === "number" ? (isInteger ? "Integer" : "Numeric") : type[getter];
  client[`get${suffix}Assignment`](flagKey, targetingKey, attributes, defaultValue as never);
}

function callOpenFeature(
  client: ReturnType<typeof OpenFeature.getClient>,
  { context, defaultValue, flagKey, getter }: GeneratedCall,
): Promise<unknown> {
  const given = context as EvaluationContext;
  switch (getter) {
    case "boolean":
      return client.getBooleanValue(flagKey, defaultValue as boolean, given);
    case "string":
      return client.getStringValue(flagKey, defaultValue as string, given);
    case "number":
      return client.getNumberValue(flagKey, defaultValue as number, given);
    default:
      return client.getObjectValue(flagKey, defaultValue as never, given);
  }
}

/** Without the members that differ on purpose: the text of an error has another name. */
function comparable({ attributes }: Event): object {
  const { "error.message": _, "feature_flag.error.message": __, ...rest } = attributes;
  return rest;
}

/**
 * Whether the provider itself decides, after or without an evaluation: it refuses a subject without a key, reads a number
 * out of a variant's name, and tells lists from objects.
 */
function isDecidedByProvider(name: string, { context, getter }: GeneratedCall): boolean {
  const isKeyless = context.targetingKey === undefined;
  return (
    getter === "object" ||
    (isKeyless && (name === "eppo" || name === "posthog")) ||
    (name === "posthog" && getter === "number")
  );
}

describe.each(Object.keys(DIALECTS) as (keyof typeof DIALECTS)[])("log events of %s", (name) => {
  it(`have the attributes of OpenFeature's EventHook in ${CALLS} generated calls`, async () => {
    const seed = seedOr(67);
    const random = new Random(seed);
    const reasons = new Set<unknown>();
    for (let done = 0; done < CALLS; ) {
      const payload = generatePayload(random, PAYLOADS[name]);
      const ours: Event[] = [];
      const client = clientOf(name, payload, ours);
      const served = clientOf(name, payload, []);
      const flagKeys = [...(client?.getFlagKeys() ?? [])];
      if (client === null || served === null || flagKeys.length === 0) continue;
      const domain = `${name}-${done}`;
      await OpenFeature.setProviderAndWait(domain, new SortitionProvider(served));
      const openFeature = OpenFeature.getClient(domain).addHooks(new EventHook());
      for (let i = 0; i < CALLS_PER_PAYLOAD; ) {
        const call = generateCall(random, flagKeys);
        if (isDecidedByProvider(name, call)) continue;
        i += 1;
        done += 1;
        ours.length = 0;
        hookEvents.length = 0;
        callOurs(client, name, call);
        await callOpenFeature(openFeature, call);
        const theirs = hookEvents.filter(({ eventName }) => eventName !== "exception");
        const what = { seed, call };
        expect({ ...what, events: ours.slice(-1).map(comparable) }).toEqual({
          ...what,
          events: theirs.map(comparable),
        });
        reasons.add(ours.at(-1)?.attributes["feature_flag.result.reason"]);
      }
    }
    expect(reasons.size).toBeGreaterThan(3);
    await OpenFeature.clearProviders();
  });
});
