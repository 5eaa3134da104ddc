import type { Analysis, Reading } from "../analysis/run.js";
import { columnHint, tableReport } from "../events/column-report.js";
import { forEachExposure } from "../events/exposures.js";
import { minuteText } from "../html/about.js";
import { otherFlagsText } from "../judge/wanted-flags.js";
import { isSampled } from "../keys/sample.js";
import { rowsOf } from "../rows/parse-row.js";
import { count } from "../text/values.js";
import { ConfiguredExperiments } from "./configured-experiment.js";
import { countedRow } from "./counted-row.js";
import { CountedSubjects } from "./counted-subjects.js";
import { FirstExposures } from "./first-exposures.js";
import type { SrmOptions } from "./options.js";
import { srmReport } from "./report.js";
import { RowPlaces } from "./row-place.js";
import { SeenAttributes } from "./seen-attributes.js";
import { judgeExperiment } from "./verdict.js";

const NOT_LOOKED_FOR =
  "the rows contain counts, so duplicates and subjects with two variations cannot be detected";

const NO_KNOWN_EXPERIMENT =
  "no exposure names an experiment of this configuration. Are the exposures from another environment?";

/** @throws UsageError, FileError */
export async function srmAnalysis(
  options: SrmOptions,
  { bad, messages, progress }: Reading,
): Promise<Analysis> {
  const { attributes, dialect, flags, reading, readingOptions, sample } = options;
  const { configuration } = await dialect.open({ ...options, warn: messages.warning });
  flags?.keysIn([{ configuration, explainer: dialect.explainer }]);
  const named = dialect.judge.experiments(configuration);
  let others = 0;
  const counted = reading.map?.hasCounts ? new CountedSubjects() : null;
  const firsts = counted ?? new FirstExposures(attributes);
  const seen = new SeenAttributes(attributes);
  const subjectColumn = reading.map?.columns.get("subject")?.split(".").at(-1) ?? null;
  const places = new RowPlaces(configuration, dialect, subjectColumn);
  return {
    facts: counted === null ? [] : [NOT_LOOKED_FOR],
    read(records) {
      forEachExposure(rowsOf(records), reading, bad, (exposure) => {
        if (!isSampled(exposure.subject, sample)) {
          bad.countUnsampled();
          return;
        }
        if (flags?.hasExposure(exposure, (name) => named.flagsOf(name)) === false) {
          others += 1;
          return;
        }
        seen.note(exposure.attributes);
        const row = countedRow(exposure, attributes, (it) => places.of(it));
        if (row !== null) firsts.add(row);
      });
    },
    get found() {
      return firsts.experiments.length;
    },
    report() {
      const { experiments, times } = firsts;
      const { repeated } = counted ?? { repeated: 0 };
      if (repeated > 0) {
        const rows = repeated === 1 ? "1 row repeats" : `${count(repeated)} rows repeat`;
        messages.warning(`${rows} an earlier one. Their counts are added`);
      }
      if (places.several > 0) {
        const rows = places.several === 1 ? "1 row names" : `${count(places.several)} rows name`;
        messages.plain(`${rows} several variations (${dialect.judge.severalVariations}). Left out`);
      }
      if (experiments.length > 0) {
        seen.check((name) => columnHint(name, { options: readingOptions, reading }));
      }
      tableReport(reading, ["id"]).forEach(messages.plain);
      if (flags !== null) messages.plain(otherFlagsText(others));
      const configured = new ConfiguredExperiments(configuration, dialect);
      const verdicts = experiments.map((experiment, i, all) => {
        progress.step(`testing experiment ${count(i + 1)} of ${count(all.length)}`);
        const { publishedAtMs } = configuration;
        const context = {
          configured: configured.of(experiment),
          publishedAtMs,
          ...{ attributes, isAlwaysValid: options.isAlwaysValid },
          noVariation: dialect.judge.noVariation ?? null,
        };
        return judgeExperiment(experiment, context);
      });
      const isKnown = experiments.length === 0 || experiments.some((it) => configured.has(it));
      return {
        ...srmReport(verdicts, options),
        about: {
          dialect: dialect.name,
          configurations: [{ name: options.configPath, revision: configuration.revision }],
          times: times === null ? null : [minuteText(times[0]), minuteText(times[1])],
          // Exposures, or subjects if the rows contain counts.
          unjudged: verdicts.reduce(
            (sum, { exposures, subjects, test }) =>
              sum + (test === null ? (exposures ?? subjects) : 0),
            0,
          ),
        },
        unusable: isKnown || options.rowLimits.allowsEmpty ? null : NO_KNOWN_EXPERIMENT,
      };
    },
  };
}
