import type { Configuration } from "@sortition/core";
import { compareFlag, type FlagComparison } from "@sortition/core/dialect";
import { keysOfBoth } from "@sortition/core/dialect-internal";
import { createExplainingClient } from "@sortition/core/internal";
import type { GivenConfiguration } from "../configuration-options.js";
import type { JsonObject } from "../evaluate/request.js";
import type { SeenColumns } from "../events/seen-columns.js";
import { attributeReadingOf } from "../events/table-attributes.js";
import { FlagJudge, type JudgedSubject } from "../judge/flag-judge.js";
import { unneededBy } from "../judge/flag-reads.js";
import type { BadLines } from "../rows/bad-lines.js";
import type { FileRecords } from "../rows/parse-row.js";
import type { Movement } from "./flag-diff.js";
import { KnownSubjects } from "./known-subjects.js";
import { mappedSubject } from "./mapped-subject.js";
import { attributesOfChanges, mayMove, UNNAMED, unmeasuredByKeys } from "./measuring.js";
import { FlagMovement, movementOfShares, type Side } from "./movement.js";
import type { DiffOptions } from "./options.js";
import { forEachSubject } from "./subject-rows.js";
import type { SubjectWatch, WatchConfigurations } from "./subject-watch.js";

/** Two compared configurations. */
export interface DiffWork {
  /** Revisions of the old and the new configuration. */
  readonly revisions: readonly [string, string];
  readonly flags: readonly ComparedFlag[];
  readonly subjects: KnownSubjects;
  readonly watch: SubjectWatch;
  read(records: FileRecords): void;
}

/** A flag of both configurations, and how to measure who moves. */
export interface ComparedFlag {
  readonly comparison: FlagComparison;
  /** Evaluates subjects; `null` if no subject can move or the shares are known. */
  readonly movement: FlagMovement | null;
  /** Movement of shares; `null` if the flag's ranges do not show it, or subjects were given. */
  readonly shares: Movement | null;
  /** Why its moves cannot be measured; `null` if they can. */
  readonly unmeasured: string | null;
}

/** Where a comparison reports how rows were read. */
export interface DiffContext {
  readonly bad: BadLines;
  readonly seen: SeenColumns;
  warn(message: string): void;
}

/**
 * Opens both configurations and compares their flags. If the subjects are made up, a flag is evaluated only if it or one
 * of its dependencies changed and its shares do not follow from its ranges.
 *
 * @throws UsageError, FileError
 */
export async function openDiffWork(
  options: DiffOptions,
  watchSubjects: WatchConfigurations,
  { bad, seen, warn }: DiffContext,
): Promise<DiffWork> {
  const { dialect, newSide, sample } = options;
  const sides: [Side, Side] = [await openSide(options, warn), await openSide(newSide, warn)];
  const [old, now] = sides.map(({ judge }) => judge.configuration) as [
    Configuration, // one for each side
    Configuration,
  ];
  const nowMs = options.nowMs ?? Date.now();
  const isMadeUp = options.subjectsPath === null;
  const neededFor = (comparison: FlagComparison): ReadonlySet<string> => {
    if (isMadeUp) return new Set();
    const read = attributesOfChanges(comparison, [old, now], dialect);
    return new Set([...read].filter((it) => !options.absent.includes(it)));
  };
  const comparedFlag = (comparison: FlagComparison): ComparedFlag => {
    const { change } = comparison;
    const isEvaluable = [old, now].some((it) => it.flag(comparison.key) !== null);
    const canMove =
      isEvaluable &&
      // If subjects are given, unchanged flags are evaluated too, unless the dialect has no dependencies.
      (mayMove(comparison, [old, now], dialect) || (!isMadeUp && dialect.judge.hasDependencies));
    const shares =
      isMadeUp && canMove && change !== "same" ? movementOfShares(comparison, nowMs) : null;
    const movement =
      canMove && shares === null
        ? new FlagMovement(comparison, dialect, sides, { needed: neededFor(comparison), nowMs })
        : null;
    const unmeasured = (): string | null => {
      // The key is hashed in both configurations.
      if (change !== "same" && !isEvaluable) return UNNAMED;
      if (!isMadeUp || movement === null) return null;
      const judges = sides.map(({ judge }) => judge);
      return unmeasuredByKeys(comparison, judges, dialect, nowMs);
    };
    return { comparison, movement, shares, unmeasured: unmeasured() };
  };
  const comparisons = compareFlags(options, [old, now]);
  const flags = comparisons.map(comparedFlag);
  const roundedIn = (subject: JudgedSubject): string | null => {
    const moving = flags.filter(({ movement }) => movement !== null);
    const found = moving.flatMap(({ comparison: { key } }) =>
      sides.map(({ judge }) => judge.roundedIn(key, subject, nowMs)),
    );
    return found.find((it) => it !== null) ?? null;
  };
  const watch = watchSubjects([old, now], comparisons, nowMs);
  const subjects = new KnownSubjects();
  const ways = [subjectReaderOf(options, [old, now], seen)];
  const reader = { ways, sample, bad, known: subjects, roundedIn };
  return {
    revisions: [old.revision, now.revision],
    flags,
    subjects,
    watch,
    read(records) {
      forEachSubject(records, reader, (subject, place) => {
        if (!isMadeUp) watch.add(subject);
        for (const { movement } of flags) movement?.add(subject, place);
      });
    },
  };
}

async function openSide(given: GivenConfiguration, warn: (message: string) => void): Promise<Side> {
  const { dialect } = given;
  const { configuration } = await dialect.open({ ...given, warn });
  return {
    judge: new FlagJudge(configuration, dialect.judge, unneededBy(configuration, dialect)),
    client: createExplainingClient(configuration, dialect.explainer),
  };
}

function compareFlags(
  { dialect: { explainer }, flags }: DiffOptions,
  [old, now]: readonly [Configuration, Configuration],
): readonly FlagComparison[] {
  const sides = [old, now].map((configuration) => ({ configuration, explainer }));
  const keys = flags?.keysIn(sides) ?? [...keysOfBoth(old, now, explainer)];
  return keys.map((key) => compareFlag(key, old, now, explainer));
}

/** Returns how rows are read: the columns of `--map`, or the dialect's own. */
function subjectReaderOf(
  { dialect: { judge }, map }: DiffOptions,
  configurations: readonly Configuration[],
  seen: SeenColumns,
): (fields: JsonObject, isText: boolean) => JudgedSubject {
  if (map === null) return (fields) => judge.subjectOf(fields);
  const reading = { map, seen, ...attributeReadingOf(judge, configurations, map) };
  return (fields, isText) => mappedSubject(fields, reading, isText);
}
