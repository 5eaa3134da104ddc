import { compareFlag, type FlagComparison, keysOfBoth } from "@sortition/core/dialect";
import { createExplainingClient } from "@sortition/core/internal";
import type { CliDialect } from "../dialects/dialect.js";
import { type PayloadFile, payloadOf } from "../evaluate/payload-file.js";
import { RequestError, ShapeError } from "../evaluate/request.js";
import type { ColumnMap } from "../events/column-map.js";
import type { SeenColumns } from "../events/seen-columns.js";
import { attributeReadingOf } from "../events/table-attributes.js";
import { noSuchFlag } from "../inspect/no-such-flag.js";
import { FlagJudge, type JudgedSubject } from "../judge/flag-judge.js";
import { isSampled, type Sample } from "../keys/sample.js";
import type { BadLines } from "../rows/bad-lines.js";
import { type FileRecords, rowsOf } from "../rows/parse-row.js";
import type { Row } from "../rows/row.js";
import type { Movement } from "./flag-diff.js";
import { mappedSubject, type SubjectReading } from "./mapped-subject.js";
import { mayMove, UNNAMED, unmeasuredByKeys } from "./measuring.js";
import { FlagMovement, movementOfShares, type Side } from "./movement.js";
import { Moves } from "./moves.js";

/** What to compare. */
export interface DiffPlan {
  /** The old and the new configuration. */
  readonly configurations: readonly [PlannedConfiguration, PlannedConfiguration];
  /** Keys of flags to compare; `null`: all flags. */
  readonly flags: readonly string[] | null;
  /** The subjects to evaluate; `null`: all subjects. */
  readonly sample: Sample | null;
  readonly nowMs: number;
  readonly map: ColumnMap | null;
  /**
   * Whether the subjects are made up. If so, a flag is evaluated only if it or one of its dependencies changed and its
   * shares do not follow from its ranges.
   */
  readonly isMadeUp: boolean;
}

interface PlannedConfiguration {
  readonly path: string;
  readonly file: PayloadFile;
  /** The dialect's own options. */
  readonly ownOptions: ReadonlyMap<string, string>;
}

/** Two compared configurations. */
export interface DiffWork {
  /** Moves for each flag, in order; `null` if no subject can move. */
  readonly moves: readonly (Moves | null)[];
  /** Number of subjects that were read. */
  readonly subjects: number;
  read(records: FileRecords): void;
  /** Revisions of the old and the new configuration. */
  readonly revisions: readonly [string, string];
  readonly compared: readonly FlagComparison[];
  /** How to measure each flag, in order; `null` if no subject can move or the shares are known. */
  readonly movements: readonly (FlagMovement | null)[];
  /** Movement of shares for each flag, in order; `null` if its ranges do not show it, or subjects were given. */
  readonly shares: readonly (Movement | null)[];
  /** For each flag, in order, the reason why its moves cannot be measured; `null` if they can. */
  readonly unmeasured: readonly (string | null)[];
}

/** Where a comparison reports how rows were read. */
export interface DiffContext {
  readonly bad: BadLines;
  readonly seen: SeenColumns;
  warn(message: string): void;
}

/**
 * Opens both configurations and compares their flags.
 *
 * @throws UsageError, FileError
 */
export async function openDiffWork(
  plan: DiffPlan,
  dialect: CliDialect,
  { bad, seen, warn }: DiffContext,
): Promise<DiffWork> {
  const [old, now] = plan.configurations;
  const sides: [Side, Side] = [
    await openSide(old, dialect, warn),
    await openSide(now, dialect, warn),
  ];
  const compared = compareFlags(plan, sides, dialect);
  const both = [sides[0].judge.configuration, sides[1].judge.configuration] as const;
  const canMove = compared.map(
    (flag) =>
      isEvaluable(flag, sides) &&
      // If subjects are given, unchanged flags are evaluated too, unless the dialect has no dependencies.
      (mayMove(flag, both, dialect) || (!plan.isMadeUp && dialect.judge.hasDependencies)),
  );
  const shares = compared.map((flag, i) =>
    plan.isMadeUp && canMove[i] === true && flag.change !== "same"
      ? movementOfShares(flag, plan.nowMs)
      : null,
  );
  const movements = compared.map((flag, i) =>
    canMove[i] === true && shares[i] === null
      ? new FlagMovement(flag, dialect, sides, plan.nowMs)
      : null,
  );
  const unmeasured = compared.map((flag, i) => {
    if (flag.change !== "same" && !isEvaluable(flag, sides)) return UNNAMED;
    if (!plan.isMadeUp || movements[i] === null) return null;
    const judges = sides.map(({ judge }) => judge);
    return unmeasuredByKeys(flag, judges, dialect, plan.nowMs);
  });
  const [before, after] = sides;
  const reading = subjectReadingOf(plan, sides, dialect, seen);
  const moves = movements.map((movement) => (movement === null ? null : new Moves()));
  let subjects = 0;
  return {
    revisions: [before.judge.configuration.revision, after.judge.configuration.revision],
    compared,
    movements,
    shares,
    unmeasured,
    moves,
    get subjects() {
      return subjects;
    },
    read(records) {
      for (const row of rowsOf(records)) {
        bad.countRow();
        const subject = subjectOf(row, dialect, reading, bad);
        if (subject === null) continue;
        if (!isSampled(nameOf(subject), plan.sample)) {
          bad.countUnsampled();
          continue;
        }
        subjects += 1;
        for (const [i, movement] of movements.entries()) {
          movement?.addTo(moves[i] as Moves, subject, row); // one for each movement
        }
      }
    },
  };
}

async function openSide(
  { file, ownOptions, path }: PlannedConfiguration,
  dialect: CliDialect,
  warn: (message: string) => void,
): Promise<Side> {
  const { configuration } = await dialect.open({
    configPath: path,
    config: async () => payloadOf(file),
    option: (name) => ownOptions.get(name),
    warn,
  });
  return {
    judge: new FlagJudge(configuration, dialect.judge),
    client: createExplainingClient(configuration, dialect.explainer),
  };
}

function compareFlags(
  { flags }: DiffPlan,
  sides: readonly [Side, Side],
  dialect: CliDialect,
): FlagComparison[] {
  const [old, now] = [sides[0].judge.configuration, sides[1].judge.configuration];
  const { explainer } = dialect;
  const keys = flags ?? [...keysOfBoth(old, now, explainer)];
  return keys.map((key) => {
    const isThere = [old, now].some((it) => explainer.payloadKey(it, key) !== null);
    if (!isThere) throw noSuchFlag(key, now);
    return compareFlag(key, old, now, explainer);
  });
}

/** Whether a flag can be evaluated. It cannot if its key is hashed in both configurations. */
function isEvaluable(flag: FlagComparison, sides: readonly [Side, Side]): boolean {
  return sides.some((side) => side.judge.configuration.flag(flag.key) !== null);
}

/** The string to sample a subject by: its key, or its attributes if it has no key and flags hash an attribute. */
function nameOf({ attributes, key }: JudgedSubject): string {
  return key === "" ? JSON.stringify(attributes) : key;
}

/** Returns how the columns of `--map` are read; `null` without `--map`. */
function subjectReadingOf(
  { map }: DiffPlan,
  sides: readonly Side[],
  { judge }: CliDialect,
  seen: SeenColumns,
): SubjectReading | null {
  if (map === null) return null;
  const configurations = sides.map((side) => side.judge.configuration);
  return { map, seen, ...attributeReadingOf(judge, configurations, map) };
}

function subjectOf(
  row: Row,
  { judge }: CliDialect,
  reading: SubjectReading | null,
  bad: BadLines,
): JudgedSubject | null {
  if (row.problem !== null) {
    bad.note(row, row.problem);
    return null;
  }
  try {
    return reading === null ? judge.subjectOf(row.fields) : mappedSubject(row.fields, reading);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error instanceof ShapeError) bad.noteShape(row, error.message);
    else bad.note(row, error.message);
    return null;
  }
}
