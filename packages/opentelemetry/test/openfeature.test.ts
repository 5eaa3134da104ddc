import { EventHook } from "@openfeature/open-telemetry-hooks";
import { type EvaluationContext, OpenFeature } from "@openfeature/server-sdk";
import { logs } from "@opentelemetry/api-logs";
import { type Client, Configuration, createClient } from "@sortition/core";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import {
  type GeneratedCall,
  generateCall,
  generatePayload,
  PAYLOADS,
} from "@sortition/dialect-kit/openfeature";
import { SortitionProvider } from "@sortition/openfeature";
import { isInPart } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EventLogger, openTelemetry } from "../src/index.js";
import { DIALECTS, NAMES, type Name } from "./dialects.js";
import {
  asReceived,
  attributesOf,
  DROP_INS,
  type DropIn,
  flatAttributesOf,
  SILENT,
} from "./drop-ins.js";

type Event = Parameters<EventLogger["emit"]>[0];

const CALLS = process.env["SORTITION_LONG"] === "1" ? 1_000 : 200;
const CALLS_PER_PAYLOAD = 20;

/** Events of OpenFeature's hook. All loggers of the process write here. */
const hookEvents: Event[] = [];

beforeAll(() => {
  OpenFeature.setLogger(SILENT);
  logs.setGlobalLoggerProvider({
    getLogger: () => ({ emit: (record) => void hookEvents.push(record as Event) }),
  });
});
afterAll(() => logs.disable());

function clientOf(name: Name, payload: unknown, events: Event[]): Client | null {
  const dialect = DIALECTS[name]();
  try {
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    return createClient({
      dialect,
      initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
      assignmentLogger: null,
      diagnostics: SILENT,
      clock: { now: () => Date.UTC(2026, 5, 1) },
      onEvaluation: writingTo(events),
    });
  } catch {
    return null; // the payload is unusable as a whole, or nests too deeply
  }
}

function writingTo(events: Event[]): ReturnType<typeof openTelemetry> {
  const logs = { emit: (record: Event): void => void events.push(record) };
  return openTelemetry({ logs, contextId: true, value: true, metrics: false });
}

/** Calls the getter of our client that corresponds to the provider's. */
function callOurs(client: Client, name: string, call: GeneratedCall): unknown {
  const { context, defaultValue, flagKey, getter } = call;
  const { targetingKey } = context;
  const attributes = name === "eppo" ? flatAttributesOf(call) : attributesOf(call);
  if (targetingKey === undefined) {
    const expectedType = getter === "object" ? "json" : getter;
    return client.evaluate({ flagKey, subjectAttributes: attributes, defaultValue, expectedType })
      .value;
  }
  const isInteger = client.getConfiguration()?.flag(flagKey)?.valueType === "integer";
  const type = { boolean: "Boolean", string: "String", object: "JSON" } as const;
  const suffix = getter === "number" ? (isInteger ? "Integer" : "Numeric") : type[getter];
  const ask = client[`get${suffix}Assignment`].bind(client);
  return ask(flagKey, targetingKey, attributes, defaultValue as never);
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

/** Whether the provider decides: it rejects a subject without a key, and parses a variant's name as a number. */
function isDecidedByProvider(name: string, { context, getter }: GeneratedCall): boolean {
  const isKeyless = context.targetingKey === undefined;
  return (
    (isKeyless && (name === "eppo" || name === "posthog")) ||
    (name === "posthog" && getter === "number")
  );
}

/**
 * Returns the call with a default value of the same shape as the value, because only the provider distinguishes lists from
 * objects. Returns `null` if only the provider rejects the value, because it is not an object.
 */
function alike(call: GeneratedCall, value: unknown): GeneratedCall | null {
  if (call.getter !== "object") return call;
  if (typeof value !== "object" || value === null) return null;
  return { ...call, defaultValue: Array.isArray(value) ? ["d"] : { d: 1 } };
}

/** Evaluates a generated call and returns the OpenFeature call to compare it with; `null` if there is none. */
type Play = (call: GeneratedCall) => Promise<GeneratedCall | null>;

/** Compares our events with those of OpenFeature's hook. */
async function compare(
  name: Name,
  open: (payload: unknown, events: Event[]) => Promise<{ play: Play; close(): unknown } | null>,
  comparable: (event: Event) => object,
): Promise<ReadonlySet<unknown>> {
  const seed = seedOr(67);
  const random = new Random(seed);
  const reasons = new Set<unknown>();
  for (let done = 0; done < CALLS; ) {
    const payload = asReceived(generatePayload(random, PAYLOADS[name]));
    if (payload === null) continue;
    const ours: Event[] = [];
    const served = clientOf(name, payload, []);
    // Our client rejects a blank key, but the vendors' SDKs look it up.
    const flagKeys = [...(served?.getFlagKeys() ?? [])].filter((key) => key !== "");
    if (served === null || flagKeys.length === 0) continue;
    const opened = await open(payload, ours);
    if (opened === null) continue;
    const domain = `${name}-${done}`;
    await OpenFeature.setProviderAndWait(domain, new SortitionProvider(served));
    const openFeature = OpenFeature.getClient(domain).addHooks(new EventHook());
    for (let i = 0; i < CALLS_PER_PAYLOAD; ) {
      const call = generateCall(random, flagKeys);
      if (isDecidedByProvider(name, call)) continue;
      ours.length = 0;
      hookEvents.length = 0;
      const same = await opened.play(call);
      if (same === null) continue;
      i += 1;
      done += 1;
      await callOpenFeature(openFeature, same);
      const theirs = hookEvents.filter(({ eventName }) => eventName !== "exception");
      const what = { seed, call };
      expect({ ...what, events: ours.slice(-1).map(comparable) }).toEqual({
        ...what,
        events: theirs.map(comparable),
      });
      reasons.add(ours.at(-1)?.attributes["feature_flag.result.reason"]);
    }
    await opened.close();
  }
  await OpenFeature.clearProviders();
  return reasons;
}

/** Removes the members that differ on purpose: the attribute of the error message has another name. */
function comparable({ attributes }: Event): Readonly<Record<string, unknown>> {
  const { "error.message": _, "feature_flag.error.message": __, ...rest } = attributes;
  return rest;
}

/**
 * Removes members that a drop-in lacks. A vendor's class has no revision and no environment, and its values have the
 * vendor's types.
 */
function comparableOfDropIn(event: Event): object {
  const {
    "feature_flag.version": _,
    "feature_flag.set.id": __,
    "feature_flag.result.value": ___,
    ...rest
  } = comparable(event);
  return rest;
}

describe.each(NAMES.map((name, row) => ({ name, row })))("log events of $name", ({ name, row }) => {
  it.runIf(isInPart(row, 0))(
    `have the attributes of OpenFeature's EventHook in ${CALLS} generated calls`,
    async () => {
      const open = async (payload: unknown, events: Event[]) => {
        const client = clientOf(name, payload, events);
        if (client === null) return null;
        const play = async (call: GeneratedCall) => alike(call, callOurs(client, name, call));
        return { play, close() {} };
      };
      expect((await compare(name, open, comparable)).size).toBeGreaterThan(3);
    },
  );

  it.runIf(isInPart(row, 1))(
    `have the same attributes in ${CALLS} generated calls of the drop-in`,
    async () => {
      const open = async (payload: unknown, events: Event[]) => {
        const onEvaluation = [writingTo(events)];
        try {
          const dropIn = await DROP_INS[name](payload, { onEvaluation, onExposure() {} });
          const play = async (call: GeneratedCall) => {
            const value = await evaluated(dropIn, call);
            const reason = events.at(-1)?.attributes["feature_flag.result.reason"];
            // No getter of OpenFeature returns null.
            const isNull =
              value === null && !["default", "disabled", "error"].includes(`${reason}`);
            return isNull ? null : typed(name, call, value);
          };
          return { play, close: () => dropIn.close() };
        } catch {
          return null; // the payload is unusable as a whole
        }
      };
      expect((await compare(name, open, comparableOfDropIn)).size).toBeGreaterThan(3);
    },
  );
});

/** Returns the value; `null` without one, or if the drop-in throws, as vendors' SDKs do for some malformed flags. */
async function evaluated(dropIn: DropIn, call: GeneratedCall): Promise<unknown> {
  try {
    return await dropIn.evaluate(call);
  } catch {
    return null;
  }
}

/** Returns the call with a getter of the value's type, because only Eppo's SDK has typed getters. */
function typed(name: Name, call: GeneratedCall, value: unknown): GeneratedCall | null {
  if (name === "eppo") return alike(call, value);
  if (name !== "growthbook") return { ...call, getter: "boolean", defaultValue: false };
  const getter = typeof value as GeneratedCall["getter"];
  const { defaultValue } = { ...call, defaultValue: value as GeneratedCall["defaultValue"] };
  return alike({ ...call, getter, defaultValue }, value);
}
