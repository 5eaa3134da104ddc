import { forEachBatch } from "../analysis/run.js";
import type { ShownSubjects } from "../between/between-text.js";
import { type BetweenPlan, type BetweenWork, openBetweenWork } from "../between/between-work.js";
import type { CountedDifferences } from "../between/difference-tally.js";
import { betweenPage } from "../between/page.js";
import { isSplitGroup, type PairReport, pairReport } from "../between/pair-report.js";
import { renderBetween } from "../between/render.js";
import { betweenReport, loneReport } from "../between/report.js";
import { NO_MAP, readVendorMap, type VendorMap } from "../between/vendor-map.js";
import { betweenViolations } from "../between/violations.js";
import type { DiffOptions } from "../diff/options.js";
import { reportViolations } from "../diff/report-violations.js";
import { writeResult } from "../evaluate/result-writer.js";
import { ColumnMap } from "../events/column-map.js";
import { convertedLines } from "../events/column-report.js";
import { finishReading } from "../events/finish-reading.js";
import { SeenColumns } from "../events/seen-columns.js";
import { writePage } from "../html/html-option.js";
import { EXIT, type Io } from "../io.js";
import { sampleFacts } from "../keys/sample.js";
import { createMessages } from "../messages.js";
import { BadLines } from "../rows/bad-lines.js";
import { openRecords } from "../rows/open-records.js";
import { createPaint } from "../text/paint.js";
import { ReadProgress } from "../text/read-progress.js";

/** Compares the values from configurations of two dialects, and explains the differences. */
export async function compareDialects(options: DiffOptions, io: Io): Promise<number> {
  const { configPath, dialect, htmlPath, isJson, limits, newSide, subjectsPath } = options;
  const progress = new ReadProgress(io, options.isQuiet);
  const messages = progress.over(createMessages(io));
  const plan = await planOf(options);
  const bad = new BadLines(messages, options.rowLimits);
  const seen = new SeenColumns();
  const context = { bad, seen, warn: messages.warning };
  const work = await openBetweenWork(plan, [dialect, newSide.dialect], context);
  const facts = sampleFacts(plan.sample);
  facts.forEach(messages.plain);
  const map = plan.columns;
  const { tallies } = work;
  if (subjectsPath === null) addMadeUp(work);
  else {
    const input = await openRecords(
      {
        ...{ paths: [subjectsPath], separator: options.separator, note: messages.plain },
        command: "diff OLD NEW --subjects",
        checkHeader: (header) => map?.checkHeader(header),
      },
      io,
    );
    await forEachBatch(input, progress, (batch) => work.read(batch));
  }
  const subjects = subjectsPath === null ? null : work.subjects;
  progress.erase();
  const name = `--subjects ${subjectsPath}`;
  if (!finishReading({ name, found: subjects, missing: "no subject", bad, map })) {
    return EXIT.unusable;
  }
  convertedLines({ seen }).forEach(messages.plain);
  const counted = tallies.map((it) => it.counted);
  const reports = reportsOf(work, counted, options);
  const shown: ShownSubjects = {
    // Made-up subjects have no lines.
    isListed: options.isListed && subjectsPath !== null,
    isNamed: options.showsSubjects,
  };
  if (htmlPath !== null) {
    const [before, after] = work.sides.map(({ configuration }) => configuration.revision);
    const source = {
      command: "diff",
      dialect: `${dialect.name} → ${newSide.dialect.name}`,
      configurations: [
        { name: configPath, revision: before ?? "" },
        { name: newSide.path, revision: after ?? "" },
      ],
      input: subjectsPath === null ? null : { kind: "Subjects" as const, name: subjectsPath },
      times: null,
      unread: bad.count,
      unjudged: 0,
      options: options.usedOptions,
      writtenAtMs: Date.now(),
    };
    const made = subjectsPath === null ? [MADE_UP] : [];
    await writePage(
      htmlPath,
      betweenPage(reports, work.lone, { facts: [...facts, ...made], shown, source }),
    );
  }
  if (subjectsPath === null) messages.plain(MADE_UP);
  await writeResult(
    io.stdout,
    isJson
      ? [
          ...reports.map((report) => betweenReport(report, shown)),
          ...work.lone.map((flag) => loneReport(flag)),
        ]
          .map((it) => `${JSON.stringify(it)}\n`)
          .join("")
      : renderBetween(reports, work.lone, shown, createPaint(io.stdout, io.env)),
  );
  const violations = betweenViolations(reports, work.lone, limits);
  reportViolations("diff", violations, messages, io);
  return violations.length > 0 || bad.isTooMany ? EXIT.problems : EXIT.ok;
}

const MADE_UP =
  "subjects are made up from the rules of both configurations; add --subjects FILE to count real ones";

async function planOf(options: DiffOptions): Promise<BetweenPlan> {
  const { config, configPath, dialect, flags, newSide, nowMs, ownOptions, sample } = options;
  const map = await mapOf(options);
  return {
    sides: [
      { path: configPath, file: await config(), dialect: dialect.name, ownOptions },
      {
        path: newSide.path,
        file: await newSide.config(),
        dialect: newSide.dialect.name,
        ownOptions: newSide.ownOptions,
      },
    ],
    map,
    columns: map.columns === null ? null : columnsOf(map.columns),
    flags,
    sample,
    nowMs: nowMs ?? Date.now(),
  };
}

/** `--map` is either the name of a file or a list of columns. */
async function mapOf({ map, mapPath }: DiffOptions): Promise<VendorMap> {
  if (map !== null) return { ...NO_MAP, columns: map.text };
  return mapPath === null ? NO_MAP : await readVendorMap(mapPath);
}

/** @throws UsageError */
function columnsOf(text: string): ColumnMap {
  const map = new ColumnMap(text);
  map.checkSubjects();
  return map;
}

function addMadeUp({ pairs, tallies }: BetweenWork): void {
  pairs.forEach((pair, i) => {
    pair.made().forEach((example, line) => {
      pair.addTo(tallies[i] as (typeof tallies)[number], example, { file: null, line: line + 1 }); // one for each pair
    });
  });
}

/** Builds the reports, sorted by the share of subjects that differ, the largest first. */
function reportsOf(
  { pairs }: BetweenWork,
  counted: readonly CountedDifferences[],
  { showsSubjects, subjectsPath }: DiffOptions,
): readonly PairReport[] {
  const splits = counted.flatMap(({ groups }) => groups.filter(isSplitGroup)).length;
  const isMadeUp = subjectsPath === null;
  const options = { isMadeUp, showsSubjects: showsSubjects || isMadeUp, splits };
  const reports = pairs.map((pair, i) => {
    return pairReport(pair, counted[i] as CountedDifferences, options); // one for each pair
  });
  return reports.sort((a, b) => partOf(b) - partOf(a));
}

function partOf({ differ, total }: PairReport): number {
  return total === 0 ? 0 : differ / total;
}
