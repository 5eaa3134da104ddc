import type { Analysis, Reading } from "../analysis/run.js";
import { columnHint, tableReport, valueLines } from "../events/column-report.js";
import { ExposureReader } from "../events/exposures.js";
import { attributeReadingOf } from "../events/table-attributes.js";
import { openTimeline } from "../history/timeline.js";
import { minuteText } from "../html/about.js";
import { madeOnce } from "../made-once.js";
import { count } from "../text/values.js";
import { countedRow } from "./counted-row.js";
import { CountedSubjects } from "./counted-subjects.js";
import { experimentId } from "./experiment-name.js";
import { type ExperimentSubjects, FirstExposures } from "./first-exposures.js";
import type { SrmOptions } from "./options.js";
import { Periods } from "./periods.js";
import { srmReport } from "./report.js";
import { SeenAttributes } from "./seen-attributes.js";
import { type ExperimentVerdict, judgeExperiment } from "./verdict.js";

const NOT_LOOKED_FOR =
  "the rows contain counts, so duplicates and subjects with two variations cannot be detected";

const NO_KNOWN_EXPERIMENT =
  "no exposure names an experiment of this configuration. Are the exposures from another environment or vendor?";

const ALL_SKIPPED =
  "no exposure could be tested, because all of them were skipped because of their time (see above)";

/** @throws UsageError, FileError */
export async function srmAnalysis(
  options: SrmOptions,
  { bad, messages, progress }: Reading,
): Promise<Analysis> {
  const { attributes, dialect, reading: given, readingOptions } = options;
  const timeline = await openTimeline(options, messages.warning);
  const { configurations } = timeline;
  const reading = { ...given, ...attributeReadingOf(dialect.judge, configurations, given.map) };
  const exposures = new ExposureReader({ ...options, reading }, timeline, bad);
  const counted = reading.map?.hasCounts ? new CountedSubjects() : null;
  const firsts = counted ?? new FirstExposures(attributes);
  const seen = new SeenAttributes(attributes);
  const periods = new Periods(timeline, dialect);
  return {
    facts: counted === null ? [] : [NOT_LOOKED_FOR],
    read(records) {
      exposures.read(records, (exposure) => {
        seen.note(exposure.attributes);
        const row = countedRow(exposure, attributes, (it) => periods.placeOf(it));
        if (row !== null) firsts.add(row);
      });
    },
    get found() {
      exposures.checkRead();
      return Number(firsts.hasRows);
    },
    report() {
      timeline.checkCovered();
      const { experiments, times } = firsts;
      const { repeated } = counted ?? { repeated: 0 };
      if (repeated > 0) {
        const rows = repeated === 1 ? "1 row repeats" : `${count(repeated)} rows repeat`;
        messages.warning(`${rows} an earlier one. Their counts are added`);
      }
      periods.countedTexts.forEach(messages.warning);
      periods.skippedTexts.forEach(messages.plain);
      const columns = { options: readingOptions, reading };
      if (experiments.length > 0) seen.check((name) => columnHint(name, columns));
      exposures.hints.texts(false).forEach(messages.warning);
      valueLines(exposures.valueProblem, columns).forEach(messages.warning);
      tableReport(reading, ["id"]).forEach(messages.plain);
      // The periods of a history replace the time before and after the only configuration was published.
      const { publishedAtMs } = timeline;
      const { isAlwaysValid } = options;
      const noVariation = dialect.judge.noVariation ?? null;
      const context = { publishedAtMs, attributes, isAlwaysValid, noVariation };
      const verdicts = byExperiment(experiments).map((strata, i, all) => {
        progress.step(`testing experiment ${count(i + 1)} of ${count(all.length)}`);
        const starts = strata.map(({ period }) => periods.startOf(period));
        const judged = strata.map((it) => {
          const hasEarlier = starts.some((start) => start < periods.startOf(it.period));
          const configured = periods.configured(it, it.period, hasEarlier);
          return { ...it, configured, period: periods.spanOf(it, it.period) };
        });
        judged.sort((a, b) => (a.period?.fromMs ?? 0) - (b.period?.fromMs ?? 0));
        return judgeExperiment(judged, context);
      });
      const isKnown = experiments.length === 0 || experiments.some((it) => periods.has(it));
      const areSkipped = experiments.length === 0 && firsts.hasRows;
      const untested = isKnown ? nothingTested(verdicts) : NO_KNOWN_EXPERIMENT;
      return {
        ...srmReport(verdicts, options),
        about: {
          dialect: dialect.name,
          configurations: timeline.sources,
          times: times === null ? null : [minuteText(times[0]), minuteText(times[1])],
          // Exposures, or subjects if the rows contain counts.
          unjudged: verdicts.reduce(
            (sum, { exposures, subjects, test }) =>
              sum + (test === null ? (exposures ?? subjects) : 0),
            0,
          ),
        },
        unusable: areSkipped ? ALL_SKIPPED : options.rowLimits.allowsEmpty ? null : untested,
      };
    },
  };
}

/** Explains that no experiment could be tested; `null` if one was, or there is none. */
function nothingTested(verdicts: readonly ExperimentVerdict[]): string | null {
  const [first] = verdicts;
  if (first === undefined || verdicts.some(({ test }) => test !== null)) return null;
  const hint = verdicts.some(({ verdict }) => verdict === "too-few")
    ? ". If an experiment may still have too few subjects, add --allow-empty"
    : "";
  const others = verdicts.length === 1 ? "" : ` (and ${count(verdicts.length - 1)} more)`;
  return `no experiment could be tested: ${first.problem}${others}${hint}`;
}

/** Groups the periods of each experiment. */
function byExperiment(
  experiments: readonly ExperimentSubjects[],
): readonly (readonly ExperimentSubjects[])[] {
  const groups = new Map<string, ExperimentSubjects[]>();
  for (const experiment of experiments) {
    madeOnce(groups, experimentId(experiment), () => []).push(experiment);
  }
  return [...groups.values()];
}
