import { type DiffPart, type DiffPlan, type DiffWork, openDiffWork } from "../diff/diff-work.js";
import type { FlagDiff, Movement } from "../diff/flag-diff.js";
import { DIFF } from "../diff/help.js";
import { violationsOf } from "../diff/limits.js";
import { MADE_UP, madeUpSubjects } from "../diff/made-up-subjects.js";
import { Moves } from "../diff/moves.js";
import { type DiffOptions, parseDiffOptions } from "../diff/options.js";
import { diffPage } from "../diff/page.js";
import { isRerandomized, renderDiff } from "../diff/render.js";
import { flagReport } from "../diff/report.js";
import { writeResult } from "../evaluate/result-writer.js";
import { writePage } from "../html/html-option.js";
import { EXIT } from "../io.js";
import { sampleFacts } from "../keys/sample.js";
import { createMessages } from "../messages.js";
import { forEachPart, MANY_ROWS, type PartMaking } from "../parts/for-each-part.js";
import { BadLines } from "../rows/bad-lines.js";
import { type OpenOptions, openRecords, type RecordInput } from "../rows/open-records.js";
import { createPaint } from "../text/paint.js";
import { type Command, command } from "./command.js";

/** How parts are made of the subjects. */
type Making = PartMaking<DiffPart> & { readonly work: DiffWork };

/** `sortition diff`: what a new configuration changes, who moves, and why. */
export const diff: Command = command(DIFF, parseDiffOptions, async (options, io) => {
  const {
    configPath,
    dialect,
    htmlPath,
    isJson,
    isListed,
    newPath,
    limits,
    separator,
    showsSubjects,
    subjectsPath,
    threads,
  } = options;
  const messages = createMessages(io);
  const plan = await planOf(options);
  const work = await openDiffWork(plan, dialect, messages.warning);
  const facts = sampleFacts(plan.sample);
  facts.forEach(messages.plain);
  const bad = new BadLines(messages);
  const subjectsOf = (path: string): OpenOptions => {
    return { paths: [path], separator, command: "diff OLD NEW --subjects", note: messages.plain };
  };
  const making = { work, plan, threads };
  const flags =
    subjectsPath === null
      ? await withoutSubjects(making)
      : await withSubjects(await openRecords(subjectsOf(subjectsPath), io), making, bad);
  bad.finish();
  if (flags === null) {
    messages.error(`--subjects ${subjectsPath}: nothing to judge: it has no subject`);
    return EXIT.unusable;
  }
  const shown = [...flags].sort(byImportance);
  const listed = isListed ? showsSubjects : null;
  if (htmlPath !== null) {
    const about = { oldPath: configPath, newPath, facts, showsSubjects: listed };
    await writePage(htmlPath, diffPage(shown, about));
  }
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
});

async function planOf(options: DiffOptions): Promise<DiffPlan> {
  const { config, configPath, dialect, flags, newConfig, newPath, nowMs, ownOptions, sample } =
    options;
  const { subjectsPath } = options;
  return {
    command: "diff",
    dialect: dialect.name,
    ownOptions,
    configurations: [
      { path: configPath, file: await config() },
      { path: newPath, file: await newConfig() },
    ],
    flags,
    sample,
    nowMs: nowMs ?? Date.now(),
    isMadeUp: subjectsPath === null,
  };
}

/** Exact shares where they follow from ranges, made-up keys elsewhere. */
async function withoutSubjects(making: Making): Promise<FlagDiff[]> {
  const { threads, work } = making;
  const flags = work.movements.filter((movement) => movement !== null).length;
  // Of a few flags they are evaluated before other threads have started.
  const isDefault = threads.isDefault && flags * MADE_UP <= MANY_ROWS;
  const { all } =
    flags === 0
      ? { all: [] }
      : await countMoves(madeUpSubjects(), { ...making, threads: { ...threads, isDefault } });
  return work.compared.map((flag, i) => {
    const moves = all[i] ?? null;
    const movement = moves === null ? (work.shares[i] ?? null) : movementOf(moves, "generated");
    return { ...flag, movement };
  });
}

/** @returns `null` if there is no subject. */
async function withSubjects(
  input: RecordInput,
  making: Making,
  bad: BadLines,
): Promise<FlagDiff[] | null> {
  const { all, subjects } = await countMoves(input, making, bad);
  if (subjects === 0) return null;
  return making.work.compared.map((flag, i) => {
    const moves = all[i] ?? null;
    return { ...flag, movement: moves === null ? null : movementOf(moves, "subjects") };
  });
}

/** Who moves among the subjects of an input: by the index of the flag, `null` for one that is not evaluated. */
async function countMoves(
  input: RecordInput,
  making: Making,
  bad?: BadLines,
): Promise<{ readonly all: readonly (Moves | null)[]; readonly subjects: number }> {
  const all = making.work.movements.map((movement) => (movement === null ? null : new Moves()));
  let subjects = 0;
  await forEachPart(input, making, (part) => {
    bad?.add(part.bad);
    subjects += part.subjects;
    for (const [i, moves] of part.moves.entries()) if (moves !== null) all[i]?.merge(moves);
  });
  return { all, subjects };
}

function movementOf({ counted }: Moves, source: Movement["source"]): Movement {
  return { source, ...counted };
}

/** Sorts re-randomised flags first, then flags by the share of subjects that move. */
function byImportance(a: FlagDiff, b: FlagDiff): number {
  const part = ({ movement }: FlagDiff): number =>
    movement === null ? 0 : movement.moved / movement.total;
  return Number(isRerandomized(b)) - Number(isRerandomized(a)) || part(b) - part(a);
}
