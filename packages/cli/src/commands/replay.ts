import type { DialectTable, OpenConfiguration } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { readPayloadFile } from "../evaluate/payload-file.js";
import { ReaderGone, ResultWriter, writeResult } from "../evaluate/result-writer.js";
import { forEachExposure } from "../events/exposures.js";
import { renderHelp } from "../help/render-help.js";
import { EXIT, type Io } from "../io.js";
import { FlagJudge } from "../judge/flag-judge.js";
import { createMessages } from "../messages.js";
import { REPLAY } from "../replay/help.js";
import { History, type Revision } from "../replay/history.js";
import { isWrong, KINDS } from "../replay/judgement.js";
import { parseReplayOptions, type ReplayOptions } from "../replay/options.js";
import { renderSummary, wrongOf } from "../replay/render.js";
import { Summary } from "../replay/summary.js";
import { whyOf, wrongText } from "../replay/wrong-ones.js";
import { BadLines } from "../rows/bad-lines.js";
import { openRows } from "../rows/read-rows.js";
import { createPaint } from "../text/paint.js";

/**
 * `sortition replay`: whether each logged exposure is what the configuration says.
 *
 * @returns the exit code.
 * @throws UsageError, FileError
 */
export async function replay(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<number> {
  const options = await parseReplayOptions(args, io, dialects);
  if (options === "help") {
    await writeResult(io.stdout, renderHelp(REPLAY, await loadAllDialects(dialects)));
    return EXIT.ok;
  }
  const { eventsPath, graceMs, isJson, isListed, isTooMany, reading, showsSubjects } = options;
  const messages = createMessages(io);
  const opened = await openRevisions(options, messages.warning);
  const history = new History(opened, graceMs);
  const bad = new BadLines(messages);
  const summary = new Summary();
  const writer = new ResultWriter(io.stdout);
  let listed = "";
  const input = await openRows(eventsPath, io);
  try {
    const { exposures } = await forEachExposure(
      input,
      reading,
      bad,
      (exposure, line) => {
        const judgement = history.judge(exposure);
        summary.add(exposure, judgement.kind);
        if (!isListed || !isWrong(judgement.kind)) return;
        const { explained } = history.at(exposure.timeMs) as OpenRevision; // only such were given
        const why = whyOf(exposure, options.dialect, explained);
        listed += wrongText(exposure, line, judgement, why, { isJson, showsSubjects });
      },
      async () => {
        if (listed === "") return;
        const text = listed;
        listed = "";
        await writer.write(text);
      },
    );
    bad.finish();
    if (exposures === 0) {
      messages.error(`${eventsPath}: nothing to judge: it has no exposure`);
      return EXIT.unusable;
    }
    reading.map?.checkSeen();
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
}

interface OpenRevision extends Revision {
  /** The same configuration, observed. */
  readonly explained: OpenConfiguration;
}

async function openRevisions(
  { config, configPath, dialect, isListed, option, revisions }: ReplayOptions,
  warn: (message: string) => void,
): Promise<readonly OpenRevision[]> {
  const files = revisions ?? [{ path: configPath, writtenAtMs: Number.NEGATIVE_INFINITY }];
  const opened: OpenRevision[] = [];
  for (const { path, writtenAtMs } of files) {
    const content = revisions === null ? config : () => readPayloadFile("--history", path);
    const explained = await dialect.open({
      configPath: path,
      config: content,
      option,
      hasEvents: false,
      isExplained: isListed,
      warn,
    });
    const { configuration } = explained;
    opened.push({
      name: path,
      sinceMs: configuration.publishedAtMs ?? writtenAtMs,
      judge: new FlagJudge(configuration, dialect.judge),
      explained,
    });
  }
  return opened.sort((a, b) => a.sinceMs - b.sinceMs);
}

/** What `--json` prints after the list. */
function reportOf(summary: Summary): string {
  const { across, days, total } = summary;
  const counted = (counts: typeof total): object =>
    Object.fromEntries(KINDS.map((kind) => [kind, counts.get(kind) ?? 0]));
  const lines = [
    ...days.map(({ counts, day, flag }) => ({ flag, day, counts: counted(counts) })),
    { total: counted(total), ...across },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
