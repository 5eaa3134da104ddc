import { type AssignmentEvent, type Client, shadow } from "@sortition/core";
import { seededRandom } from "@sortition/test-kit";
import { expect } from "vitest";
import { split, type TestFlags } from "../src/index.js";
import { FORMATS, type Format } from "./formats.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const DEFAULT = "default";

/** Creates flags of one format. The new flags differ from the old ones. */
function flagsOf(format: Format, isNew: boolean): TestFlags {
  const flags = format.create();
  const values = ["a", "b"] as const;
  flags
    .string("everybody")
    .variations(...values)
    .otherwise("a");
  flags
    .string("differs")
    .variations(...values)
    .otherwise(isNew ? "b" : "a");
  flags
    .string("rule")
    .variations(...values)
    .when({ country: isNew ? "FR" : "DE" })
    .give("b")
    .otherwise("a");
  flags
    .string("split")
    .variations(...values)
    .otherwise(split({ a: 50, b: 50 }));
  if (!isNew)
    flags
      .string("old-only")
      .variations(...values)
      .otherwise("a");
  return flags;
}

interface Side {
  readonly client: Client;
  readonly events: AssignmentEvent[];
}

function sideOf(flags: TestFlags): Side {
  const events: AssignmentEvent[] = [];
  const client = flags.client({
    assignmentLogger: { logAssignment: (event) => void events.push(event) },
    diagnostics: SILENT,
    // Comparisons take no time, so all of them run.
    clock: { monotonicMs: () => 0 },
  }) as Client;
  return { client, events };
}

/** Formats an event without its time and id. */
const factsOf = ({ featureFlag, subject, variation }: AssignmentEvent): string =>
  JSON.stringify([featureFlag, subject, variation]);

/**
 * Calls a shadow of two formats, with ten switches, and clients that receive only the calls which
 * their side serves. Values and events must be equal.
 */
export function checkPair(oldFormat: string, newFormat: string, calls: number): void {
  const [from, to] = [oldFormat, newFormat].map((name) =>
    FORMATS.find(({ format }) => format === name),
  ) as [Format, Format]; // both formats exist
  const [old, next] = [sideOf(flagsOf(from, false)), sideOf(flagsOf(to, true))];
  const [oldAlone, nextAlone] = [sideOf(flagsOf(from, false)), sideOf(flagsOf(to, true))];
  const names = ["everybody", "differs", "rule", "split"];
  const renamed = Object.fromEntries(names.map((it) => [from.readAs(it), to.readAs(it)]));
  const flags = shadow({ primary: old.client, candidate: next.client, map: { flags: renamed } });
  const random = seededRandom(70);
  let isNew = false;
  for (let i = 0; i < calls; i++) {
    if (i % Math.ceil(calls / 11) === 0 && i > 0) {
      isNew = !isNew;
      flags.serveFrom(isNew ? "candidate" : "primary");
    }
    const name = names[Math.floor(random() * names.length)] ?? "";
    const subject = `subject-${Math.floor(random() * calls)}`;
    const attributes = { country: random() < 0.5 ? "DE" : "FR" };
    const [alone, serving] = isNew ? [nextAlone, to] : [oldAlone, from];
    const isDetailed = random() < 0.2;
    const value = (client: Client, key: string): string =>
      isDetailed
        ? client.getStringAssignmentDetails(key, subject, attributes, DEFAULT).value
        : client.getStringAssignment(key, subject, attributes, DEFAULT);
    const expected = value(alone.client, serving.readAs(name));
    expect([i, name, value(flags, from.readAs(name))]).toEqual([i, name, expected]);
  }
  expect(old.events.map(factsOf)).toEqual(oldAlone.events.map(factsOf));
  expect(next.events.map(factsOf)).toEqual(nextAlone.events.map(factsOf));
  for (const [side, alone] of [
    [old, oldAlone],
    [next, nextAlone],
  ] as const) {
    expect(side.client.status.counters).toEqual(alone.client.status.counters);
  }
  const { compared, flags: counts, skipped } = flags.report();
  const countsOf = (name: string) => counts[from.readAs(name)];
  expect([compared, skipped]).toEqual([calls, 0]);
  expect(countsOf("everybody")).toMatchObject({
    differ: { value: 0, type: 0, default: 0, split: 0 },
  });
  expect(countsOf("differs")).toMatchObject({ agree: 0 });
  expect(countsOf("rule")?.agree).toBe(0);
  const { agree = 0, differ } = countsOf("split") ?? {};
  expect(differ).toMatchObject({ value: 0, type: 0, default: 0 });
  // The same hash, salt and shares assign the same variations.
  if (hashOf(from.format) === hashOf(to.format)) expect(differ?.split).toBe(0);
  else expect(agree).toBeLessThan(agree + (differ?.split ?? 0));
}

/** Datadog hashes like Eppo. */
const hashOf = (format: string): string => (format === "Datadog" ? "Eppo" : format);

export const PAIRS: readonly (readonly [string, string])[] = FORMATS.flatMap((old) =>
  FORMATS.map((next) => [old.format, next.format] as const),
);
