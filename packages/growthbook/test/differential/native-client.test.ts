import { isDeepStrictEqual } from "node:util";
import { GrowthBookClient } from "@growthbook/growthbook";
import { type AssignmentEvent, Configuration, createClient } from "@sortition/core";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { isWhole } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { growthbook } from "../../src/dialect.js";
import { generateSession } from "./calls.js";
import { FEATURES, generatePayload, type Payload } from "./payloads.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const DEFAULT = Object.freeze({ isDefault: true }) as never;

/** Sources with a value. For any other source, the native client returns the caller's default. */
const DECIDED: ReadonlySet<string> = new Set(["defaultValue", "force", "experiment"]);

/** Value and tracked results of one evaluation. */
interface Seen {
  readonly value: unknown;
  /** Keys of experiment and variation. */
  readonly tracked: readonly (readonly [experiment: string | null, variation: string | null])[];
}

interface Question {
  readonly payload: Payload;
  readonly feature: string;
  readonly subjectKey: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Returns `null` if the vendor throws. */
function askVendor({ payload, feature, subjectKey, attributes }: Question): Seen | null {
  const tracked: [string, string][] = [];
  const client = new GrowthBookClient({
    trackingCallback: ({ key }, result) => void tracked.push([`${key}`, `${result.key}`]),
  }).initSync({ payload: structuredClone(payload) as never }); // may be malformed
  try {
    const user = { attributes: { id: subjectKey, ...attributes } };
    const { source, value } = client.evalFeature(feature, user);
    const { defaultValue } = Object(payload.features[feature]) as { defaultValue?: unknown };
    const isValue =
      DECIDED.has(source) && (source !== "defaultValue" || defaultValue !== undefined);
    return { value: isValue ? value : DEFAULT, tracked };
  } catch {
    return null;
  }
}

function askOurs(
  configuration: Configuration,
  { feature, subjectKey, attributes }: Question,
): Seen {
  const events: AssignmentEvent[] = [];
  const client = createClient({
    dialect: growthbook(),
    initialConfiguration: configuration,
    assignmentLogger: { logAssignment: (event: AssignmentEvent) => void events.push(event) },
    diagnostics: SILENT,
  });
  const value: unknown = client.getJSONAssignment(
    feature,
    subjectKey,
    attributes as never,
    DEFAULT,
  );
  return { value, tracked: events.map(({ experiment, variation }) => [experiment, variation]) };
}

/** Removes repeated results, because a client logs each only once. */
function unrepeated(seen: Seen): Seen {
  const byKey = new Map(seen.tracked.map((it) => [JSON.stringify(it), it]));
  return { ...seen, tracked: [...byKey.values()] };
}

/** Expects a result. The question is long, so it becomes text only if the result differs. */
function expectEqual(actual: unknown, expected: unknown, question: Question): void {
  if (isDeepStrictEqual(actual, expected)) return;
  expect(actual, JSON.stringify(question)).toEqual(expected);
}

beforeAll(() => {
  vi.spyOn(console, "error").mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe("the native client and the vendor's with generated payloads", () => {
  const seed = seedOr(20_261_122);

  it(`return the same values and track the same results (SORTITION_SEED=${seed})`, () => {
    const random = new Random(seed);
    const counts = { evaluations: 0, tracked: 0, throws: 0 };
    for (let i = 0; i < 60; i++) {
      const { payload } = generatePayload(random);
      // Named difference: patterns that are not strings.
      if (/"\$regexi?":(?!")/.test(JSON.stringify(payload))) continue;
      const dialect = growthbook();
      const flags = new TextEncoder().encode(JSON.stringify(payload));
      const configuration = Configuration.from({ dialect, payloads: { flags } });
      for (let j = 0; j < (isWhole ? 4 : 2); j++) {
        const { id: _, ...attributes } = generateSession(random).options.attributes;
        const subjectKey = random.pick(["user-1", "user-2", "user-3", "ü🎉"]);
        for (const feature of FEATURES) {
          const question = { payload, feature, subjectKey, attributes };
          const vendor = askVendor(question);
          const ours = askOurs(configuration, question);
          counts.evaluations += 1;
          if (vendor === null) {
            counts.throws += 1;
            expectEqual(ours.value, DEFAULT, question);
          } else {
            counts.tracked += vendor.tracked.length;
            expectEqual(unrepeated(ours), unrepeated(vendor), question);
          }
        }
      }
    }
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
    expect(counts.evaluations).toBeGreaterThan(500);
  });
});
