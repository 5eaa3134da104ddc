import { vi } from "vitest";
import { generateCalls } from "./calls.js";
import { compareOutcomes, type Difference } from "./compare.js";
import { type GeneratedConfiguration, generateConfiguration } from "./configurations.js";
import { Coverage } from "./coverage.js";
import { type Case, DELIBERATE } from "./deliberate.js";
import { Ours } from "./ours.js";
import { Random } from "./random.js";
import { Vendor } from "./vendor.js";
import { NOON_MS } from "./windows.js";

/** What to compare. */
export interface RunOptions {
  readonly seed: number;
  readonly configurations: number;
  readonly subjectsEach: number;
  /** Changes the body that is given to us, and to us alone. */
  readonly sabotage?: (configuration: GeneratedConfiguration) => string;
}

/** A case that nobody can explain. */
export interface Unexplained {
  readonly case: Case;
  readonly differences: readonly Difference[];
}

/** What a run found. */
export interface RunResult {
  readonly configurations: number;
  readonly pairs: number;
  readonly calls: number;
  readonly events: number;
  readonly coverage: Coverage;
  /** How many calls each deliberate difference was met in. */
  readonly deliberate: ReadonlyMap<string, number>;
  readonly unexplained: readonly Unexplained[];
}

/** Makes configurations and subjects, asks both SDKs, and compares all that they answer and log. */
export async function runDifferential(options: RunOptions): Promise<RunResult> {
  const random = new Random(options.seed);
  const coverage = new Coverage();
  const deliberate = new Map(DELIBERATE.map(({ name }) => [name, 0]));
  const unexplained: Unexplained[] = [];
  let calls = 0;
  let events = 0;
  for (let index = 0; index < options.configurations; index++) {
    const configuration = generateConfiguration(random, index);
    vi.setSystemTime(NOON_MS);
    const vendor = new Vendor(configuration.profile);
    await vendor.load(configuration.text);
    const ours = new Ours(configuration.profile);
    ours.load(options.sabotage?.(configuration) ?? configuration.text);
    for (let subject = 0; subject < options.subjectsEach; subject++) {
      for (const call of generateCalls(random, configuration)) {
        vi.setSystemTime(call.nowMs);
        const it: Case = {
          configuration,
          call,
          ours: ours.run(call),
          vendor: vendor.run(call),
          answer: (other) => ours.run(other),
        };
        calls += 1;
        events += it.vendor.events.length;
        coverage.add(it);
        const differences = explain(it, deliberate);
        if (differences.length > 0) unexplained.push({ case: it, differences });
      }
    }
  }
  const { configurations, subjectsEach } = options;
  const pairs = configurations * subjectsEach;
  return { configurations, pairs, calls, events, coverage, deliberate, unexplained };
}

/** Counts the deliberate differences of a case, and returns the others. */
function explain(it: Case, deliberate: Map<string, number>): Difference[] {
  const names = new Set<string>();
  const others = compareOutcomes(it.ours, it.vendor).filter((difference) => {
    const reason = DELIBERATE.find((candidate) => candidate.explains(difference, it));
    if (reason !== undefined) names.add(reason.name);
    return reason === undefined;
  });
  for (const name of names) deliberate.set(name, (deliberate.get(name) ?? 0) + 1);
  return others;
}
