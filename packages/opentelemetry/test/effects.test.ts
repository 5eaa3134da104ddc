import { Configuration, createClient, type EvaluationObserver } from "@sortition/core";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import {
  type GeneratedCall,
  generateCall,
  generatePayload,
  PAYLOADS,
} from "@sortition/dialect-kit/openfeature";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { DIALECTS, NAMES, type Name } from "./dialects.js";
import {
  asReceived,
  attributesOf,
  DROP_INS,
  type DropIn,
  type DropInOptions,
  SILENT,
} from "./drop-ins.js";

const PAYLOADS_EACH = process.env["SORTITION_LONG"] === "1" ? 50 : 8;
const CALLS_PER_PAYLOAD = 10;
const KEYS = ["boolean", "string", "integer", "object", "disabled", "malformed", "fraction"];

type Open = (payload: unknown, options: DropInOptions) => Promise<DropIn>;

/** Our own client with a dialect. */
function openClient(name: Name): Open {
  return async (payload, { onEvaluation, onExposure }) => {
    const dialect = DIALECTS[name]();
    const flags = new TextEncoder().encode(JSON.stringify(payload));
    const client = createClient({
      dialect,
      initialConfiguration: Configuration.from({ dialect, payloads: { flags } }),
      assignmentLogger: {
        logAssignment: ({ featureFlag, subject, variation }) =>
          onExposure([featureFlag, subject, variation]),
      },
      diagnostics: SILENT,
      clock: { now: () => Date.UTC(2026, 5, 1) },
      onEvaluation,
    });
    return {
      evaluate: (call) => {
        const { context, defaultValue, flagKey } = call;
        const attributes = attributesOf(call);
        const { value } = client.evaluate({
          flagKey,
          subjectKey: context.targetingKey ?? "alice",
          subjectAttributes: attributes,
          defaultValue,
        });
        return value;
      },
      // A separate client logs no exposure and changes no counter of the observed one.
      evaluateQuietly: () => createClient({ dialect, diagnostics: SILENT }).getFlagKeys(),
      counters: () => client.status.counters,
      close: () => client.close(),
    };
  };
}

/** Observers that misbehave. Each receives a function that evaluates flags with the observed client. */
const OBSERVERS: readonly ((evaluate: () => unknown) => EvaluationObserver)[] = [
  () => () => {
    throw new Error("thrown");
  },
  () => () => Promise.reject(new Error("rejected")),
  () => () => new Promise(() => {}),
  (evaluate) => () => void evaluate(),
];

/** Makes some calls and returns their values, exposures in order, and counters. */
async function play(
  open: Open,
  payload: unknown,
  calls: readonly GeneratedCall[],
  observers: readonly (typeof OBSERVERS)[number][],
): Promise<object> {
  const exposures: unknown[] = [];
  let opened: DropIn | null = null;
  opened = await open(payload, {
    onEvaluation: observers.map((it) => it(() => opened?.evaluateQuietly())),
    onExposure: (exposure) => void exposures.push(exposure),
  });
  const values: unknown[] = [];
  for (const call of calls) {
    try {
      values.push(await opened.evaluate(call));
    } catch (error) {
      values.push(`${error}`);
    }
  }
  await opened.close();
  return { values, exposures, counters: opened.counters?.() };
}

describe.each(
  NAMES.flatMap((name) => [
    { of: `our client with ${name}`, name, open: openClient(name) },
    { of: `the drop-in for ${name}`, name, open: DROP_INS[name] as Open },
  ]).filter((_, i) => isInPart(Math.floor(i / 2), i % 2)),
)("observers of $of", ({ name, open }) => {
  it("change no value, exposure, order or counter, even if they misbehave", async () => {
    const seed = seedOr(67);
    const random = new Random(seed);
    let exposed = 0;
    for (let done = 0; done < PAYLOADS_EACH; ) {
      const payload = asReceived(generatePayload(random, PAYLOADS[name]));
      const calls = Array.from({ length: CALLS_PER_PAYLOAD }, () => generateCall(random, KEYS));
      const observers = OBSERVERS.filter(() => random.chance(0.6));
      let plain: Awaited<ReturnType<typeof play>>;
      try {
        plain = await play(open, payload, calls, []);
      } catch {
        continue; // the whole payload is unusable
      }
      done += 1;
      exposed += (plain as { exposures: unknown[] }).exposures.length;
      const observed = await play(open, payload, calls, observers);
      expect({ seed, done, ...observed }).toEqual({ seed, done, ...plain });
    }
    expect(exposed).toBeGreaterThan(0);
  });
});
