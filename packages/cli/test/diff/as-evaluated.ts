import { type Random, seededRandom } from "@sortition/proof";
import { expect } from "vitest";
import { bruteForce, NOW } from "../generated/brute-force.js";
import type { GeneratedDialect } from "../generated/dialects.js";
import {
  type Aspect,
  changed,
  type GeneratedFlag,
  type GeneratedSubject,
  generatedFlags,
  generatedSubjects,
} from "../generated/flags.js";
import { jsonFile, ndjson, run } from "../run.js";

/** A result of `sortition evaluate`. */
type Answer = ReturnType<GeneratedDialect["answerOf"]>;

interface Example {
  readonly line: number;
  readonly why: Aspect;
}

interface Report {
  readonly flag: string;
  readonly movement: {
    readonly moved: number;
    readonly cells: readonly {
      readonly before: string | null;
      readonly after: string | null;
      readonly count: number;
      readonly examples: readonly Example[];
    }[];
  } | null;
}

const SUBJECTS = 20;

/**
 * Compares `sortition diff` with `sortition evaluate` for generated pairs of configurations that differ in one or two
 * aspects. Also checks each reported cause by reverting only that aspect.
 */
export async function expectAsEvaluated(
  dialect: GeneratedDialect,
  pairs: number,
  seed = 5,
): Promise<void> {
  const random = seededRandom(seed);
  const subjects = generatedSubjects(random, SUBJECTS);
  const old = generatedFlags(random, pairs);
  const aspects = old.map((_, i) => aspectsOf(dialect, i, random));
  const now = old.map((flag, i) =>
    (aspects[i] ?? []).reduce((it, aspect) => changed(it, aspect, random), flag),
  );
  const [before, after] = [
    await bruteForce(dialect, old, subjects),
    await bruteForce(dialect, now, subjects),
  ];
  const undone = new Map<Aspect, Awaited<ReturnType<typeof bruteForce>>>();
  for (const aspect of dialect.aspects) {
    const flags = now.map((flag, i) => undo(flag, old[i] ?? flag, aspect));
    undone.set(aspect, await bruteForce(dialect, flags, subjects));
  }
  const reports = await diffOf(dialect, old, now, subjects);
  const seen = new Set<Aspect>();
  for (const [i, { key }] of now.entries()) {
    const movement = reports.get(key)?.movement ?? null;
    const [was, is] = [before[i] ?? [], after[i] ?? []];
    const moves = was.map((it, s) => {
      return `${labelOf(it, dialect)} → ${labelOf(is[s] ?? null, dialect)}`;
    });
    expect(countsOf(movement)).toEqual(counted(moves));
    expect(movement?.moved).toBe(was.filter((it, s) => !isSame(it, is[s])).length);
    for (const { line, why } of movement?.cells.flatMap((cell) => cell.examples) ?? []) {
      expect(aspects[i]).toContain(why);
      seen.add(why);
      const without = (aspect: Aspect): Answer | undefined => undone.get(aspect)?.[i]?.[line - 1];
      if (!isSame(without(why), is[line - 1])) continue;
      // Each of the changes alone suffices to move the subject.
      for (const aspect of aspects[i] ?? []) {
        expect(isSame(without(aspect), is[line - 1])).toBe(true);
      }
    }
  }
  expect([...seen].sort()).toEqual([...dialect.aspects].sort());
}

/** Returns one or two aspects, each combination in turn. */
function aspectsOf({ aspects }: GeneratedDialect, pair: number, random: Random): readonly Aspect[] {
  const first = aspects[pair % aspects.length] as Aspect; // within bounds
  if (random() < 0.5) return [first];
  const others = aspects.filter((aspect) => aspect !== first);
  return [first, others[Math.floor(random() * others.length)] as Aspect];
}

function undo(now: GeneratedFlag, old: GeneratedFlag, aspect: Aspect): GeneratedFlag {
  switch (aspect) {
    case "rule":
      return { ...now, countries: old.countries };
    case "traffic":
      return { ...now, traffic: old.traffic, share: old.share };
    case "salt":
      return { ...now, salt: old.salt };
    case "window":
      return { ...now, isOpen: old.isOpen };
    case "value":
      return { ...now, values: old.values };
  }
}

async function diffOf(
  dialect: GeneratedDialect,
  old: readonly GeneratedFlag[],
  now: readonly GeneratedFlag[],
  subjects: readonly GeneratedSubject[],
): Promise<ReadonlyMap<string, Report>> {
  const [oldPath, nowPath] = [old, now].map((flags, i) =>
    jsonFile(`diff-${i}.json`, dialect.configOf(flags)),
  ) as [string, string];
  const args = ["diff", oldPath, nowPath, "--dialect", dialect.name, "--now", NOW];
  const { stderr, stdout } = await run(
    [...args, "--subjects", "-", "--json", "--list"],
    ndjson(subjects),
  );
  expect(stderr).toBe("");
  const reports = stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Report);
  return new Map(reports.map((report) => [report.flag, report]));
}

function labelOf(answer: Answer, { nothing }: GeneratedDialect): string | null {
  return answer === null ? nothing : answer.variation;
}

function isSame(a: Answer | undefined, b: Answer | undefined): boolean {
  return a?.variation === b?.variation && a?.value === b?.value;
}

function countsOf(movement: Report["movement"]): Record<string, number> {
  return Object.fromEntries(
    movement?.cells.map(({ after, before, count }) => [`${before} → ${after}`, count]) ?? [],
  );
}

function counted(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}
