import type { CliDialect, DialectTable, OpenConfiguration } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { compareFlag, type FlagDiff, type Movement } from "../diff/flag-diff.js";
import { DIFF } from "../diff/help.js";
import { violationsOf } from "../diff/limits.js";
import { FlagMovement, movementOfShares, type Side } from "../diff/movement.js";
import { type DiffOptions, parseDiffOptions } from "../diff/options.js";
import { isRerandomized, renderDiff } from "../diff/render.js";
import { flagReport } from "../diff/report.js";
import type { PayloadFile } from "../evaluate/payload-file.js";
import { RequestError } from "../evaluate/request.js";
import { writeResult } from "../evaluate/result-writer.js";
import { renderHelp } from "../help/render-help.js";
import { noSuchFlag } from "../inspect/no-such-flag.js";
import { EXIT, type Io } from "../io.js";
import { FlagJudge, type JudgedSubject } from "../judge/flag-judge.js";
import { createMessages, type Messages } from "../messages.js";
import { BadLines } from "../rows/bad-lines.js";
import { openRows } from "../rows/read-rows.js";
import { createPaint } from "../text/paint.js";

type Compared = Omit<FlagDiff, "movement">;

/** Keys that are evaluated where shares do not follow from ranges, and nobody gives subjects. */
const MADE_UP = 100_000;

/**
 * `sortition diff`: what a new configuration changes, who moves, and why.
 *
 * @returns the exit code.
 * @throws UsageError, FileError
 */
export async function diff(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<number> {
  const options = await parseDiffOptions(args, io, dialects);
  if (options === "help") {
    await writeResult(io.stdout, renderHelp(DIFF, await loadAllDialects(dialects)));
    return EXIT.ok;
  }
  const { dialect, isJson, isListed, limits, newConfig, newPath, showsSubjects } = options;
  const messages = createMessages(io);
  const sides: [Side, Side] = [
    await openSide(options, options.configPath, options.config, messages),
    await openSide(options, newPath, newConfig, messages),
  ];
  const compared = compareFlags(options, sides);
  const nowMs = options.nowMs ?? Date.now();
  const bad = new BadLines(messages);
  const flags =
    options.subjectsPath === null
      ? compared.map((flag) => ({
          ...flag,
          movement: withoutSubjects(flag, dialect, sides, nowMs),
        }))
      : await withSubjects(compared, options.subjectsPath, { dialect, sides, nowMs, bad, io });
  bad.finish();
  if (flags === null) {
    messages.error(`--subjects ${options.subjectsPath}: nothing to judge: it has no subject`);
    return EXIT.unusable;
  }
  const shown = [...flags].sort(byImportance);
  const listed = isListed ? showsSubjects : null;
  await writeResult(
    io.stdout,
    isJson
      ? shown.map((flag) => `${JSON.stringify(flagReport(flag, listed))}\n`).join("")
      : renderDiff(shown, listed, createPaint(io.stdout, io.env)),
  );
  const violations = violationsOf(shown, limits);
  for (const violation of violations) {
    messages.error(violation);
    // Shown beside the change by GitHub.
    if (io.env["GITHUB_ACTIONS"] === "true")
      messages.plain(`::error title=sortition diff::${violation}`);
  }
  return violations.length > 0 || bad.count > 0 ? EXIT.problems : EXIT.ok;
}

async function openSide(
  { dialect, option }: DiffOptions,
  configPath: string,
  config: () => Promise<PayloadFile>,
  { warning }: Messages,
): Promise<Side> {
  const common = { configPath, config, option, hasEvents: false };
  const opened = await dialect.open({ ...common, isExplained: false, warn: warning });
  const explained = await dialect.open({ ...common, isExplained: true, warn: () => {} });
  return { judge: new FlagJudge(opened.configuration, dialect.judge), explained };
}

function compareFlags({ dialect, flags }: DiffOptions, sides: readonly [Side, Side]): Compared[] {
  const [old, now] = sides.map(({ judge }) => judge.configuration) as [
    OpenConfiguration["configuration"],
    OpenConfiguration["configuration"],
  ];
  const keys = flags ?? [...new Set([...old.flagKeys, ...now.flagKeys])];
  return keys.map((key) => {
    const isThere = [old, now].some((it) => dialect.inspect.payloadKey(it, key) !== null);
    if (!isThere) throw noSuchFlag(key, now);
    return compareFlag(key, old, now, dialect);
  });
}

/** A flag that cannot be asked for by its key is one of hashed keys. */
function canMove(flag: Compared, { judge }: CliDialect, sides: readonly [Side, Side]): boolean {
  if (flag.change === "same" && !judge.hasDependencies) return false;
  return sides.some((side) => side.judge.configuration.flag(flag.key) !== null);
}

function withoutSubjects(
  flag: Compared,
  dialect: CliDialect,
  sides: readonly [Side, Side],
  nowMs: number,
): Movement | null {
  if (!canMove(flag, dialect, sides) || flag.change === "same") return null;
  const exact = movementOfShares(flag, nowMs);
  if (exact !== null) return exact;
  const movement = new FlagMovement(flag, dialect, sides, nowMs);
  for (let i = 0; i < MADE_UP; i++) movement.add({ key: `key-${i}`, attributes: {} }, i);
  return movementOf(movement, "generated");
}

interface SubjectsContext {
  readonly dialect: CliDialect;
  readonly sides: readonly [Side, Side];
  readonly nowMs: number;
  readonly bad: BadLines;
  readonly io: Io;
}

/** @returns `null` if there is no subject. */
async function withSubjects(
  compared: readonly Compared[],
  path: string,
  { bad, dialect, io, nowMs, sides }: SubjectsContext,
): Promise<FlagDiff[] | null> {
  const movements = new Map(
    compared
      .filter((flag) => canMove(flag, dialect, sides))
      .map((flag) => [flag, new FlagMovement(flag, dialect, sides, nowMs)]),
  );
  let subjects = 0;
  for await (const batch of (await openRows(path, io)).batches) {
    for (const { fields, line, problem } of batch) {
      const subject = problem === null ? subjectOf(fields, line, dialect, bad) : null;
      if (problem !== null) bad.note(line, problem);
      if (subject === null) continue;
      subjects += 1;
      for (const movement of movements.values()) movement.add(subject, line);
    }
  }
  if (subjects === 0) return null;
  return compared.map((flag) => {
    const movement = movements.get(flag);
    return { ...flag, movement: movement === undefined ? null : movementOf(movement, "subjects") };
  });
}

function subjectOf(
  row: Parameters<CliDialect["judge"]["subjectOf"]>[0],
  line: number,
  { judge }: CliDialect,
  bad: BadLines,
): JudgedSubject | null {
  try {
    return judge.subjectOf(row);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    bad.note(line, error.message);
    return null;
  }
}

function movementOf({ moves }: FlagMovement, source: Movement["source"]): Movement {
  const { cells, moved, total, whys } = moves;
  return { source, total, moved, cells, whys };
}

/** Re-randomised ones come first, then those of which most move. */
function byImportance(a: FlagDiff, b: FlagDiff): number {
  const part = ({ movement }: FlagDiff): number =>
    movement === null ? 0 : movement.moved / movement.total;
  return Number(isRerandomized(b)) - Number(isRerandomized(a)) || part(b) - part(a);
}
