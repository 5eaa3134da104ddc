import type { Analysis, Reading } from "../analysis/run.js";
import type { DiffOptions } from "../diff/options.js";
import type { SubjectWatch } from "../diff/subject-watch.js";
import { readPayloadFile } from "../evaluate/payload-file.js";
import { convertedLines } from "../events/column-report.js";
import { SeenColumns } from "../events/seen-columns.js";
import { readManifest } from "../types/manifest.js";
import { NO_VALUE } from "./flag-side.js";
import { outsideReport } from "./outside-report.js";
import { isSplitGroup, openIn, type PairReport, pairReport } from "./pair-report.js";
import { twoVendorsReport } from "./report.js";
import { NO_MAP, readVendorMap, type VendorMap } from "./vendor-map.js";
import { openVendorsWork, type VendorsWork } from "./vendors-work.js";
import { twoVendorsViolations } from "./violations.js";

const MADE_UP =
  "subjects are made up from the rules of both configurations; add --subjects FILE to count real ones";

const DEFAULTS =
  'most differences are between a value and your code\'s default value. To compare the default value, add --manifest FILE (sortition types --manifest writes one), or "default" to the flags in the --map file';

/**
 * Reads `--map`, which is either the name of a file or a list of columns, and the default values in `--manifest`.
 *
 * @throws UsageError, FileError
 */
export async function vendorMapOf(options: DiffOptions): Promise<VendorMap> {
  const { manifestPath, map, mapPath } = options;
  const read = mapPath === null ? { ...NO_MAP, columns: map } : await readVendorMap(mapPath);
  if (manifestPath === null) return read;
  const { bytes, name } = await readPayloadFile("--manifest", manifestPath);
  const { flags } = readManifest(name, bytes.toString("utf8"));
  const defaults = new Map([...flags].map(([key, { defaultValue }]) => [key, defaultValue]));
  return { ...read, defaults };
}

/** Compares the values from configurations of two dialects, and explains the differences. */
export async function twoVendorsAnalysis(
  options: DiffOptions,
  map: VendorMap,
  watchSubjects: (work: VendorsWork) => SubjectWatch,
  { bad, messages }: Reading,
): Promise<Analysis> {
  const { configPath, dialect, newSide } = options;
  const isMadeUp = options.subjectsPath === null;
  const seen = new SeenColumns();
  const work = await openVendorsWork(options, map, { bad, seen, warn: messages.warning });
  const watch = watchSubjects(work);
  if (isMadeUp) addMadeUp(work);
  return {
    facts: isMadeUp ? [MADE_UP] : [],
    read: (records) => work.read(records, (subject) => watch.add(subject)),
    get found() {
      return isMadeUp ? null : work.subjects.size;
    },
    report() {
      [...convertedLines({ seen }), ...work.subjects.facts].forEach(messages.plain);
      const reports = reportsOf(work, options, map.columns?.unreadOf(seen.names) ?? []);
      const shown = {
        // Made-up subjects have no lines.
        isListed: options.isListed && !isMadeUp,
        isNamed: options.showsSubjects,
      };
      const names = [configPath, newSide.configPath];
      const configurations = work.sides.map(({ configuration: { revision } }, i) => {
        return { name: names[i] ?? "", revision };
      });
      const report = twoVendorsReport({ reports, lone: work.lone, configurations }, shown);
      const [watched, outside] = [watch.report(), outsideReport(work.sides[0])];
      return {
        ...report,
        sections: () => [...report.sections(), ...watched.sections, ...outside.sections],
        json: [...report.json, ...watched.json, ...outside.json],
        answer: [...report.answer, ...work.subjects.facts.map((it) => `${it}.`)],
        about: {
          dialect: `${dialect.name} → ${newSide.dialect.name}`,
          configurations,
          times: null,
          unjudged: reports.reduce((sum, report) => sum + openIn(report), 0),
        },
        warnings: options.manifestPath === null && areMostlyDefaults(reports) ? [DEFAULTS] : [],
        violations: twoVendorsViolations(reports, work.lone, options.limits),
      };
    },
  };
}

/** Whether most subjects that get a different value get the code's default value on one side. */
function areMostlyDefaults(reports: readonly PairReport[]): boolean {
  let [all, ofDefaults] = [0, 0];
  for (const { count, now, old } of reports.flatMap((it) =>
    it.differences.flatMap((d) => d.values),
  )) {
    all += count;
    if (old === NO_VALUE || now === NO_VALUE) ofDefaults += count;
  }
  return 2 * ofDefaults > all;
}

function addMadeUp({ pairs }: VendorsWork): void {
  for (const { pair, tally } of pairs) {
    pair.made().forEach((example, i) => {
      pair.addTo(tally, example, { file: null, line: i + 1 });
    });
  }
}

/** Builds the reports, sorted by the share of subjects that differ, the largest first. */
function reportsOf(
  { pairs }: VendorsWork,
  { showsSubjects, subjectsPath }: DiffOptions,
  columns: readonly string[],
): readonly PairReport[] {
  const counted = pairs.map(({ pair, tally }) => ({ pair, counts: tally.counted }));
  const splits = counted.flatMap(({ counts }) => counts.groups.filter(isSplitGroup)).length;
  const isMadeUp = subjectsPath === null;
  const options = { isMadeUp, showsSubjects: showsSubjects || isMadeUp, columns, splits };
  const reports = counted.map(({ counts, pair }) => pairReport(pair, counts, options));
  return reports.sort((a, b) => partOf(b) - partOf(a));
}

function partOf({ differ, total }: PairReport): number {
  return total === 0 ? 0 : differ / total;
}
