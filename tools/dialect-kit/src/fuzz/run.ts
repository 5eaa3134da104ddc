import { compareAnswers } from "../differential/compare.js";
import { unexplainedOf } from "../differential/named-difference.js";
import type { ComparedCase } from "../differential/plan.js";
import { Random } from "../differential/random.js";
import type { UnexplainedCase } from "../differential/run.js";
import type { HostileValue } from "./hostile-values.js";
import { type JsonPath, pathsOf, pathText, REMOVED, withNode } from "./json-path.js";
import { type Mutation, mutatedText } from "./mutation.js";
import type { FuzzPlan, FuzzSample } from "./plan.js";

/** A mutation for which the two sides differ. */
export interface FuzzFinding<Case> extends UnexplainedCase<Case> {
  /** With this `SORTITION_SEED`, the mutation is the first one of a run. */
  readonly seed: number;
  readonly mutation: Mutation;
  /** The payload, reduced to what still shows the difference. */
  readonly text: string;
}

/** Options of a run of a {@link FuzzPlan}. */
export interface FuzzRun {
  readonly seed: number;
  /** Number of mutations. */
  readonly rounds: number;
  /** Values that replace nodes. */
  readonly values: readonly HostileValue[];
}

/** Findings of a run. */
export interface FuzzResult<Case> {
  readonly rounds: number;
  readonly calls: number;
  /** Number of rounds by hostile value. */
  readonly values: ReadonlyMap<string, number>;
  /** Number of kinds of replaced nodes, i.e. paths without indices. */
  readonly places: number;
  readonly named: ReadonlyMap<string, number>;
  readonly findings: readonly FuzzFinding<Case>[];
}

/** A run stops after this many findings, because reducing them takes time. */
const MOST_FINDINGS = 5;

/** Mutates one node of one valid payload per round, and compares all results. */
export async function runFuzzer<Sample extends FuzzSample, Case extends ComparedCase>(
  plan: FuzzPlan<Sample, Case>,
  { seed, rounds, values: replacements }: FuzzRun,
): Promise<FuzzResult<Case>> {
  const named = new Map(plan.named.map(({ name }) => [name, 0]));
  const values = new Map(replacements.map(({ name }) => [name, 0]));
  const places = new Set<string>();
  const findings: FuzzFinding<Case>[] = [];
  let calls = 0;
  let round = 0;
  for (; round < rounds && findings.length < MOST_FINDINGS; round++) {
    const ofRound = seedOfRound(seed, round);
    const random = new Random(ofRound);
    const sample = plan.sample(random);
    const paths = pathsOf(sample.document).filter((path) => plan.isSpared?.(path) !== true);
    const mutation = { path: random.pick(paths), value: valueOfRound(replacements, ofRound) };
    values.set(mutation.value.name, (values.get(mutation.value.name) ?? 0) + 1);
    places.add(placeOf(mutation.path));
    const differencesOf = async (document: unknown, counts: Map<string, number>) => {
      const text = mutatedText(document, mutation, plan.print);
      const cases = await plan.ask(sample, text, mutation);
      return { text, cases, found: firstUnexplained(plan, cases, counts) };
    };
    const { cases, found, text } = await differencesOf(sample.document, named);
    calls += cases.length;
    if (found === null) continue;
    const signature = signatureOf(found);
    const isFinding = async (document: unknown): Promise<boolean> => {
      const candidate = (await differencesOf(document, new Map())).found;
      return candidate !== null && signatureOf(candidate) === signature;
    };
    const smallest = await reduce(sample.document, mutation.path, isFinding);
    const reduced = await differencesOf(smallest.document, new Map());
    findings.push({
      seed: ofRound,
      mutation,
      text: reduced.text ?? text,
      ...(reduced.found ?? found),
    });
  }
  return { rounds: round, calls, values, places: places.size, named, findings };
}

/**
 * Returns what must not change while a payload is reduced, because another difference would be
 * another finding.
 */
function signatureOf<Case>({ differences }: UnexplainedCase<Case>): string {
  return differences.map(({ path }) => path).join(" ");
}

/** 2^32 divided by the golden ratio. */
const GOLDEN_STEP = 0x9e3779b1;

/**
 * Returns the seed of a round. The first round uses the seed of the run, so that the seed of any
 * round repeats it.
 */
function seedOfRound(seed: number, round: number): number {
  return (seed + Math.imul(round, GOLDEN_STEP)) >>> 0;
}

/**
 * Returns the value of a round, which depends only on the round's seed. Steps of the golden ratio
 * are spread evenly, so any sequence of rounds that is three times as long as the list of values
 * tries each value.
 */
function valueOfRound(values: readonly HostileValue[], seed: number): HostileValue {
  return values[Math.floor((seed / 0x100000000) * values.length)] as HostileValue; // there is at least one value
}

function placeOf(path: JsonPath): string {
  return pathText(path.map((step) => (typeof step === "number" ? 0 : step)));
}

function firstUnexplained<Case extends ComparedCase>(
  plan: Pick<FuzzPlan<FuzzSample, Case>, "named" | "isOpaque">,
  cases: readonly Case[],
  counts: Map<string, number>,
): UnexplainedCase<Case> | null {
  let first: UnexplainedCase<Case> | null = null;
  for (const it of cases) {
    const found = compareAnswers(it.ours, it.vendor, plan.isOpaque);
    const differences = unexplainedOf(found, it, plan.named, counts);
    if (differences.length > 0) first ??= { case: it, differences };
  }
  return first;
}

/**
 * Removes members from a document as long as it still shows the finding, from the root downwards.
 * Members on the mutated path stay, and so do elements of lists, because their indices are part of
 * that path.
 */
async function reduce(
  document: unknown,
  mutated: JsonPath,
  isFinding: (document: unknown) => Promise<boolean>,
): Promise<{ readonly document: unknown }> {
  let smallest = document;
  for (const path of pathsOf(document)) {
    const isOnPath = path.every((step, index) => step === mutated[index]);
    if (isOnPath || typeof path.at(-1) === "number") continue;
    const candidate = withNode(smallest, path, () => REMOVED);
    if (await isFinding(candidate)) smallest = candidate;
  }
  return { document: smallest };
}
