import type { FlagComparison } from "@sortition/core/dialect";
import { type DiffPart, type DiffPlan, type DiffWork, openDiffWork } from "../diff/diff-work.js";
import type { FlagDiff, Movement } from "../diff/flag-diff.js";
import { DIFF } from "../diff/help.js";
import { violationsOf } from "../diff/limits.js";
import { MADE_UP, madeUpSubjects } from "../diff/made-up-subjects.js";
import { lackedByAll, undecidedText } from "../diff/measuring.js";
import { Moves } from "../diff/moves.js";
import { type DiffOptions, parseDiffOptions } from "../diff/options.js";
import { diffPage } from "../diff/page.js";
import { isRerandomized, renderDiff } from "../diff/render.js";
import { flagReport } from "../diff/report.js";
import { reportViolations } from "../diff/report-violations.js";
import { writeResult } from "../evaluate/result-writer.js";
import { convertedLines } from "../events/column-report.js";
import { finishReading } from "../events/finish-reading.js";
import { SeenColumns } from "../events/seen-columns.js";
import type { PageSource } from "../html/about.js";
import { writePage } from "../html/html-option.js";
import { EXIT } from "../io.js";
import { sampleFacts } from "../keys/sample.js";
import { createMessages } from "../messages.js";
import { forEachPart, MANY_ROWS, type PartMaking } from "../parts/for-each-part.js";
import { ReadProgress } from "../parts/read-progress.js";
import { BadLines } from "../rows/bad-lines.js";
import { type OpenOptions, openRecords, type RecordInput } from "../rows/open-records.js";
import { createPaint } from "../text/paint.js";
import { compareDialects } from "./between.js";
import { type Command, command } from "./command.js";

/** The work and its context, for counting subjects in parts. */
type Making = PartMaking<DiffPart> & { readonly work: DiffWork };

/** The compared flags, and how many subjects move. */
interface Compared {
  readonly flags: readonly FlagDiff[];
  /** Number of subjects that were read; `null` without `--subjects`. */
  readonly subjects: number | null;
}

/** `sortition diff`: shows what a new configuration changes, who moves, and why. */
export const diff: Command = command(DIFF, parseDiffOptions, async (options, io) => {
  if (options.newSide.dialect !== options.dialect) return await compareDialects(options, io);
  const {
    configPath,
    dialect,
    htmlPath,
    isJson,
    isListed,
    newSide,
    limits,
    map,
    separator,
    showsSubjects,
    subjectsPath,
    threads,
  } = options;
  const progress = new ReadProgress(io, options.isQuiet);
  const messages = progress.over(createMessages(io));
  const plan = await planOf(options);
  const work = await openDiffWork(plan, dialect, messages.warning);
  const facts = sampleFacts(plan.sample);
  facts.forEach(messages.plain);
  const bad = new BadLines(messages, options.rowLimits);
  const seen = new SeenColumns();
  const subjectsOf = (path: string): OpenOptions => {
    return {
      ...{ paths: [path], separator, command: "diff OLD NEW --subjects", note: messages.plain },
      checkHeader: (header) => map?.checkHeader(header),
    };
  };
  const noteRows = (part: DiffPart): void => {
    bad.add(part.bad);
    seen.add(part.columns);
    map?.noteSeen(part.seenColumns);
  };
  const making = { work, plan, threads, progress };
  const { flags, subjects } =
    subjectsPath === null
      ? await withoutSubjects(making)
      : await withSubjects(await openRecords(subjectsOf(subjectsPath), io), making, noteRows);
  progress.erase();
  const name = `--subjects ${subjectsPath}`;
  if (!finishReading({ name, found: subjects, missing: "no subject", bad, map })) {
    return EXIT.unusable;
  }
  convertedLines({ seen }).forEach(messages.plain);
  const shown = [...flags].sort(byImportance);
  const listed = isListed ? showsSubjects : null;
  if (htmlPath !== null) {
    const [before, after] = work.revisions;
    const source: PageSource = {
      command: "diff",
      dialect: dialect.name,
      configurations: [
        { name: configPath, revision: before },
        { name: newSide.path, revision: after },
      ],
      input: subjectsPath === null ? null : { kind: "Subjects", name: subjectsPath },
      times: null,
      unread: bad.count,
      unjudged: flags.reduce((sum, { movement }) => sum + (movement?.undecided ?? 0), 0),
      options: options.usedOptions,
      writtenAtMs: Date.now(),
    };
    await writePage(htmlPath, diffPage(shown, { facts, showsSubjects: listed, source }));
  }
  await writeResult(
    io.stdout,
    isJson
      ? shown.map((flag) => `${JSON.stringify(flagReport(flag, listed))}\n`).join("")
      : renderDiff(shown, listed, createPaint(io.stdout, io.env)),
  );
  const violations = violationsOf(shown, limits);
  reportViolations(violations, messages, io);
  return violations.length > 0 || bad.isTooMany ? EXIT.problems : EXIT.ok;
});

async function planOf(options: DiffOptions): Promise<DiffPlan> {
  const { config, configPath, dialect, flags, newSide, nowMs, ownOptions, sample } = options;
  const { subjectsPath } = options;
  return {
    command: "diff",
    dialect: dialect.name,
    configurations: [
      { path: configPath, file: await config(), ownOptions },
      { path: newSide.path, file: await newSide.config(), ownOptions: newSide.ownOptions },
    ],
    flags,
    sample,
    nowMs: nowMs ?? Date.now(),
    map: options.map?.text ?? null,
    isMadeUp: subjectsPath === null,
  };
}

/** Computes exact shares if they follow from the ranges of splits, and evaluates made-up keys for the other flags. */
async function withoutSubjects(making: Making): Promise<Compared> {
  const { threads, work } = making;
  const flags = work.movements.filter((movement) => movement !== null).length;
  // With few flags, all keys are evaluated before another thread would have started.
  const isDefault = threads.isDefault && flags * MADE_UP <= MANY_ROWS;
  const { all } =
    flags === 0
      ? { all: [] }
      : await countMoves(madeUpSubjects(), { ...making, threads: { ...threads, isDefault } });
  const compared = work.compared.map((flag, i) => {
    const moves = all[i] ?? null;
    const movement = moves === null ? (work.shares[i] ?? null) : movementOf(moves, "generated");
    return diffOf(flag, movement, work.unmeasured[i] ?? null);
  });
  return { flags: compared, subjects: null };
}

async function withSubjects(
  input: RecordInput,
  making: Making,
  noteRows: (part: DiffPart) => void,
): Promise<Compared> {
  const { all, subjects } = await countMoves(input, making, noteRows);
  const flags = making.work.compared.map((flag, i) => {
    const moves = all[i] ?? null;
    const movement = moves === null ? null : movementOfSubjects(flag, moves);
    return diffOf(flag, movement, making.work.unmeasured[i] ?? null);
  });
  return { flags, subjects };
}

/** Counts the subjects that move, for each flag in order; `null` for flags that are not evaluated. */
async function countMoves(
  input: RecordInput,
  making: Making,
  noteRows?: (part: DiffPart) => void,
): Promise<{ readonly all: readonly (Moves | null)[]; readonly subjects: number }> {
  const all = making.work.movements.map((movement) => (movement === null ? null : new Moves()));
  let subjects = 0;
  await forEachPart(input, making, (part) => {
    noteRows?.(part);
    subjects += part.subjects;
    for (const [i, moves] of part.moves.entries()) if (moves !== null) all[i]?.merge(moves);
  });
  return { all, subjects };
}

function movementOf({ counted }: Moves, source: Movement["source"]): Movement {
  const { isComplete: _, lacking: __, ...moves } = counted;
  return { source, ...moves };
}

/** If every subject lacks an attribute that the flag reads, the result is treated as unknown. */
function movementOfSubjects(flag: FlagComparison, moves: Moves): Movement {
  const movement = movementOf(moves, "subjects");
  const lacked = lackedByAll(flag, moves);
  if (lacked === null) return movement;
  const undecidedBy = `the flag reads ${lacked}, which no subject has`;
  return { ...movement, undecided: movement.total, undecidedBy, cells: [] };
}

/** Combines a comparison with its movement. A reason that is known before any evaluation takes precedence. */
function diffOf(
  flag: FlagComparison,
  movement: Movement | null,
  unmeasured: string | null,
): FlagDiff {
  const undecided = movement === null ? null : undecidedText(movement);
  return { ...flag, movement, unmeasured: unmeasured ?? undecided };
}

/** Sorts re-randomised flags first, then flags by the share of subjects that move. */
function byImportance(a: FlagDiff, b: FlagDiff): number {
  const part = ({ movement }: FlagDiff): number =>
    movement === null || movement.total === 0 ? 0 : movement.moved / movement.total;
  return Number(isRerandomized(b)) - Number(isRerandomized(a)) || part(b) - part(a);
}
