import { readPayloadFile } from "../evaluate/payload-file.js";
import { ReaderGone, ResultWriter } from "../evaluate/result-writer.js";
import { columnReport } from "../events/column-report.js";
import { finishReading } from "../events/finish-reading.js";
import type { PageSource } from "../html/about.js";
import { writePage } from "../html/html-option.js";
import { EXIT } from "../io.js";
import { sampleFacts } from "../keys/sample.js";
import { createMessages } from "../messages.js";
import { forEachPart } from "../parts/for-each-part.js";
import { ReadProgress } from "../parts/read-progress.js";
import { FirstListed } from "../replay/first-listed.js";
import { REPLAY } from "../replay/help.js";
import { KINDS } from "../replay/judgement.js";
import { MissingAttributes } from "../replay/missing-attributes.js";
import { parseReplayOptions, type ReplayOptions } from "../replay/options.js";
import { replayPage } from "../replay/page.js";
import { renderSummary } from "../replay/render.js";
import { openReplayWork, type ReplayPlan } from "../replay/replay-work.js";
import { Summary } from "../replay/summary.js";
import { UnknownExperiments } from "../replay/unknown-experiments.js";
import { UnresolvedFlags } from "../replay/unresolved-flags.js";
import { nothingJudged, tooManyUnjudged, verdictOf } from "../replay/verdict.js";
import { BadLines } from "../rows/bad-lines.js";
import { openRecords } from "../rows/open-records.js";
import { createPaint } from "../text/paint.js";
import { type Command, command } from "./command.js";

/** `sortition replay`: checks each logged exposure against the configuration. */
export const replay: Command = command(REPLAY, parseReplayOptions, async (options, io) => {
  const { dialect, eventsName, eventsPaths, htmlPath, isJson, limits, reading } = options;
  const { rowLimits, separator, threads } = options;
  const progress = new ReadProgress(io, options.isQuiet);
  const messages = progress.over(createMessages(io));
  const plan = await planOf(options);
  const work = await openReplayWork(plan, dialect, messages.warning);
  const bad = new BadLines(messages, rowLimits);
  const fromMs = options.revisions === null ? Number.NEGATIVE_INFINITY : work.firstMs;
  const summary = new Summary({ fromMs, toMs: options.untilMs });
  const unresolved = new UnresolvedFlags();
  const unknownExperiments = new UnknownExperiments();
  const missing = new MissingAttributes();
  const writer = new ResultWriter(io.stdout);
  const facts = sampleFacts(plan.sample);
  facts.forEach(messages.plain);
  const listed = new FirstListed();
  const input = await openRecords(
    {
      ...{ paths: eventsPaths, separator, command: "replay", note: messages.plain },
      checkHeader: (header) => reading.map?.checkHeader(header),
    },
    io,
  );
  try {
    await forEachPart(input, { work, plan, threads, progress }, async (part) => {
      bad.add(part.bad);
      summary.add(part);
      unresolved.add(part.unresolved);
      unknownExperiments.add(part.unknownExperiments);
      reading.map?.noteSeen(part.seenColumns);
      reading.seen.add(part.columns);
      missing.add(part.missing);
      if (htmlPath !== null) listed.add(part.listed);
      if (part.listed === "") return;
      progress.erase();
      await writer.write(part.listed);
    });
    progress.erase();
    const { map } = reading;
    const found = summary.exposures;
    if (!finishReading({ name: eventsName, found, missing: "no exposure", bad, map })) {
      return EXIT.unusable;
    }
    const { unlikeIds } = summary;
    const read = { options: options.readingOptions, reading, unlikeIds, missing: missing.counts };
    columnReport(read).forEach(messages.plain);
    const unknown = unknownExperiments.problem(work.experimentNames);
    if (unknown !== null) messages.warning(unknown);
    unresolved.sentences.forEach(messages.warning);
    if (htmlPath !== null) {
      const days = summary.days.map(({ day }) => day).sort();
      const [first, last] = [days[0], days.at(-1)];
      const source: PageSource = {
        command: "replay",
        dialect: dialect.name,
        configurations: work.configurations,
        input: { kind: "Exposures", name: eventsName },
        times: first === undefined || last === undefined ? null : [first, last],
        unread: bad.count,
        unjudged: verdictOf(summary.total).unjudged,
        options: options.usedOptions,
        writtenAtMs: Date.now(),
      };
      await writePage(htmlPath, replayPage(summary, { facts, listed: listed.text, source }));
    }
    await writer.write(
      isJson
        ? reportOf(summary, unresolved)
        : renderSummary(summary, createPaint(io.stdout, io.env)),
    );
  } catch (error) {
    progress.erase();
    if (error instanceof ReaderGone) return EXIT.ok;
    throw error;
  }
  const verdict = verdictOf(summary.total);
  const { all, wrong } = verdict;
  if (all > 0 && summary.total.get("no-such-flag") === all) {
    messages.warning(
      "no exposure names a flag of this configuration. Are the exposures from another environment?",
    );
  }
  const nothing = rowLimits.allowsEmpty ? null : nothingJudged(verdict);
  if (nothing !== null) {
    messages.error(nothing);
    return EXIT.unusable;
  }
  const unjudged = tooManyUnjudged(verdict, limits);
  if (unjudged !== null) messages.error(unjudged);
  const isTooMany = limits.isTooManyWrong(wrong, all) || unjudged !== null || bad.isTooMany;
  return isTooMany ? EXIT.problems : EXIT.ok;
});

async function planOf(options: ReplayOptions): Promise<ReplayPlan> {
  const { config, configPath, dialect, graceMs, isJson, isListed, ownOptions } = options;
  const { readingOptions, revisions, sample, showsSubjects } = options;
  const files =
    revisions === null
      ? [{ path: configPath, file: await config(), writtenAtMs: Number.NEGATIVE_INFINITY }]
      : await Promise.all(
          revisions.map(async ({ path, writtenAtMs }) => {
            return { path, writtenAtMs, file: await readPayloadFile("--history", path) };
          }),
        );
  return {
    command: "replay",
    dialect: dialect.name,
    ownOptions,
    revisions: files,
    readingOptions,
    sample,
    graceMs,
    isListed,
    isJson,
    showsSubjects,
  };
}

/** The lines that `--json` prints after the listed exposures. */
function reportOf(summary: Summary, { list }: UnresolvedFlags): string {
  const { across, days, total } = summary;
  const counted = (counts: typeof total): object =>
    Object.fromEntries(KINDS.map((kind) => [kind, counts.get(kind) ?? 0]));
  const { span } = across.outOfTime;
  const isoTime = (ms: number): string => new Date(ms).toISOString();
  const lines = [
    ...days.map(({ counts, day, flag }) => ({ flag, day, counts: counted(counts) })),
    {
      total: counted(total),
      ...across,
      outOfTime: across.outOfTime.count,
      unresolved: list,
      outOfTimeSpan: span === null ? null : { from: isoTime(span.fromMs), to: isoTime(span.toMs) },
    },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
