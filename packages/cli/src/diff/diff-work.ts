import { compareFlag, type FlagComparison, keysOfBoth } from "@sortition/core/dialect";
import type { CliDialect } from "../dialects/dialect.js";
import { type PayloadFile, payloadOf } from "../evaluate/payload-file.js";
import { RequestError } from "../evaluate/request.js";
import { noSuchFlag } from "../inspect/no-such-flag.js";
import { FlagJudge, type JudgedSubject } from "../judge/flag-judge.js";
import { isSampled, type Sample } from "../keys/sample.js";
import type { RecordWork } from "../parts/record-work.js";
import { type BadPart, LineNotes } from "../rows/bad-lines.js";
import { rowsOf } from "../rows/parse-row.js";
import type { Row } from "../rows/row.js";
import type { Movement } from "./flag-diff.js";
import { FlagMovement, movementOfShares, type Side } from "./movement.js";
import { type CountedMoves, Moves } from "./moves.js";

/** What is compared, in a form that can be sent to another thread. */
export interface DiffPlan {
  readonly command: "diff";
  readonly dialect: string;
  /** The dialect's own options. */
  readonly ownOptions: ReadonlyMap<string, string>;
  /** The old configuration and the new one. */
  readonly configurations: readonly [PlannedConfiguration, PlannedConfiguration];
  /** `null`: all. */
  readonly flags: readonly string[] | null;
  /** The subjects that are judged; `null`: all. */
  readonly sample: Sample | null;
  readonly nowMs: number;
  /**
   * Whether the subjects are made up. Then only flags that changed are evaluated, and of these only those whose shares do
   * not follow from their ranges.
   */
  readonly isMadeUp: boolean;
}

interface PlannedConfiguration {
  readonly path: string;
  readonly file: PayloadFile;
}

/** Who moves among the subjects of a part. */
export interface DiffPart {
  readonly bad: BadPart;
  readonly subjects: number;
  /** By the index of the flag; `null`: no subject can move. */
  readonly moves: readonly (CountedMoves | null)[];
}

/** Two configurations, compared. */
export interface DiffWork extends RecordWork<DiffPart> {
  readonly compared: readonly FlagComparison[];
  /** By the index of the flag; `null`: no subject can move, or its shares are known. */
  readonly movements: readonly (FlagMovement | null)[];
  /** By the index of the flag, how its shares move; `null`: they do not follow from its ranges, or subjects were given. */
  readonly shares: readonly (Movement | null)[];
}

/**
 * Opens both configurations, and compares their flags.
 *
 * @throws UsageError, FileError
 */
export async function openDiffWork(
  plan: DiffPlan,
  dialect: CliDialect,
  warn: (message: string) => void,
): Promise<DiffWork> {
  const [old, now] = plan.configurations;
  const sides: [Side, Side] = [
    await openSide(plan, old, dialect, warn),
    await openSide(plan, now, dialect, warn),
  ];
  const compared = compareFlags(plan, sides, dialect);
  const shares = compared.map((flag) =>
    plan.isMadeUp && flag.change !== "same" && canMove(flag, dialect, sides)
      ? movementOfShares(flag, plan.nowMs)
      : null,
  );
  const movements = compared.map((flag, i) => {
    const isKnown = plan.isMadeUp && (flag.change === "same" || shares[i] !== null);
    return canMove(flag, dialect, sides) && !isKnown
      ? new FlagMovement(flag, dialect, sides, plan.nowMs)
      : null;
  });
  return {
    compared,
    movements,
    shares,
    part(records) {
      const moves = movements.map((movement) => (movement === null ? null : new Moves()));
      const bad = new LineNotes();
      let subjects = 0;
      for (const row of rowsOf(records)) {
        const subject = subjectOf(row, dialect, bad);
        if (subject === null || !isSampled(nameOf(subject), plan.sample)) continue;
        subjects += 1;
        for (const [i, movement] of movements.entries()) {
          movement?.addTo(moves[i] as Moves, subject, row); // there is one for each movement
        }
      }
      return {
        bad: bad.part,
        subjects,
        moves: moves.map((it) => it?.counted ?? null),
      };
    },
  };
}

async function openSide(
  { ownOptions }: DiffPlan,
  { file, path }: PlannedConfiguration,
  dialect: CliDialect,
  warn: (message: string) => void,
): Promise<Side> {
  const common = {
    configPath: path,
    config: async () => payloadOf(file),
    option: (name: string) => ownOptions.get(name),
  };
  const opened = await dialect.open({ ...common, warn });
  const explained = await dialect.open({ ...common, isExplained: true, warn: () => {} });
  return { judge: new FlagJudge(opened.configuration, dialect.judge), explained };
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

/** Whether a subject may get something else. A flag that both have as a hash alone cannot be evaluated. */
function canMove(
  flag: FlagComparison,
  { judge }: CliDialect,
  sides: readonly [Side, Side],
): boolean {
  if (flag.change === "same" && !judge.hasDependencies) return false;
  return sides.some((side) => side.judge.configuration.flag(flag.key) !== null);
}

/** The string that a subject is sampled by: its key, or without a key its attributes, because flags then hash an attribute. */
function nameOf({ attributes, key }: JudgedSubject): string {
  return key === "" ? JSON.stringify(attributes) : key;
}

function subjectOf(row: Row, { judge }: CliDialect, bad: LineNotes): JudgedSubject | null {
  if (row.problem !== null) {
    bad.note(row, row.problem);
    return null;
  }
  try {
    return judge.subjectOf(row.fields);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    bad.note(row, error.message);
    return null;
  }
}
