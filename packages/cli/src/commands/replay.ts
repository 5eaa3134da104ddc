import { readPayloadFile } from "../evaluate/payload-file.js";
import { ReaderGone, ResultWriter } from "../evaluate/result-writer.js";
import type { PageSource } from "../html/about.js";
import { writePage } from "../html/html-option.js";
import { EXIT } from "../io.js";
import { sampleFacts } from "../keys/sample.js";
import { createMessages } from "../messages.js";
import { forEachPart } from "../parts/for-each-part.js";
import { FirstListed } from "../replay/first-listed.js";
import { REPLAY } from "../replay/help.js";
import { KINDS } from "../replay/judgement.js";
import { parseReplayOptions, type ReplayOptions } from "../replay/options.js";
import { replayPage } from "../replay/page.js";
import { renderSummary, wrongOf } from "../replay/render.js";
import { openReplayWork, type ReplayPlan } from "../replay/replay-work.js";
import { Summary } from "../replay/summary.js";
import { UnknownExperiments } from "../replay/unknown-experiments.js";
import { BadLines } from "../rows/bad-lines.js";
import { openRecords } from "../rows/open-records.js";
import { createPaint } from "../text/paint.js";
import { type Command, command } from "./command.js";

/** `sortition replay`: whether each logged exposure is what the configuration says. */
export const replay: Command = command(REPLAY, parseReplayOptions, async (options, io) => {
  const { dialect, eventsName, eventsPaths, htmlPath, isJson, isTooMany, reading } = options;
  const { separator, threads } = options;
  const messages = createMessages(io);
  const plan = await planOf(options);
  const work = await openReplayWork(plan, dialect, messages.warning);
  const bad = new BadLines(messages);
  const fromMs = options.revisions === null ? Number.NEGATIVE_INFINITY : work.firstMs;
  const summary = new Summary({ fromMs, toMs: options.untilMs });
  const unknownExperiments = new UnknownExperiments();
  const writer = new ResultWriter(io.stdout);
  const facts = sampleFacts(plan.sample);
  facts.forEach(messages.plain);
  const first = new FirstListed();
  const input = await openRecords(
    { paths: eventsPaths, separator, command: "replay", note: messages.plain },
    io,
  );
  try {
    await forEachPart(input, { work, plan, threads }, async (part) => {
      bad.add(part.bad);
      summary.add(part);
      unknownExperiments.add(part.unknownExperiments);
      reading.map?.noteSeen(part.seenColumns);
      if (htmlPath !== null) first.add(part.listed);
      if (part.listed !== "") await writer.write(part.listed);
    });
    bad.finish();
    if (summary.exposures === 0) {
      messages.error(`${eventsName}: nothing to judge: it has no exposure`);
      return EXIT.unusable;
    }
    reading.map?.checkSeen();
    const unknown = unknownExperiments.problem(work.experimentNames);
    if (unknown !== null) messages.warning(unknown);
    if (htmlPath !== null) {
      const days = summary.days.map(({ day }) => day).sort();
      const source: PageSource = {
        command: "replay",
        dialect: dialect.name,
        configurations: work.configurations,
        eventsName,
        times: [days[0] ?? "", days.at(-1) ?? ""], // there is an exposure
      };
      await writePage(htmlPath, replayPage(summary, { facts, listed: first.text, source }));
    }
    await writer.write(
      isJson ? reportOf(summary) : renderSummary(summary, createPaint(io.stdout, io.env)),
    );
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.ok;
    throw error;
  }
  const { all, wrong } = wrongOf(summary.total);
  if ((summary.total.get("no-such-flag") ?? 0) === all) {
    messages.warning("no exposure is of a flag of the configuration: is it another environment's?");
  }
  return isTooMany(wrong, all) || bad.count > 0 ? EXIT.problems : EXIT.ok;
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

/** What `--json` prints after the list. */
function reportOf(summary: Summary): string {
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
      outOfTimeSpan: span === null ? null : { from: isoTime(span.fromMs), to: isoTime(span.toMs) },
    },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
