import type { CliDialect, OpenConfiguration } from "../dialects/dialect.js";
import { writeResult } from "../evaluate/result-writer.js";
import { columnHint, tableReport } from "../events/column-report.js";
import { finishReading } from "../events/finish-reading.js";
import { minuteText, type PageSource } from "../html/about.js";
import { writePage } from "../html/html-option.js";
import { EXIT } from "../io.js";
import { sampleFacts } from "../keys/sample.js";
import { createMessages } from "../messages.js";
import { forEachPart } from "../parts/for-each-part.js";
import { ReadProgress } from "../parts/read-progress.js";
import { BadLines } from "../rows/bad-lines.js";
import { openRecords } from "../rows/open-records.js";
import { ConfiguredExperiments } from "../srm/configured-experiment.js";
import { CountedSubjects } from "../srm/counted-subjects.js";
import { FirstExposures } from "../srm/first-exposures.js";
import { SRM } from "../srm/help.js";
import { parseSrmOptions } from "../srm/options.js";
import { srmPage } from "../srm/page.js";
import { renderVerdicts } from "../srm/render.js";
import { verdictReport } from "../srm/report.js";
import { SeenAttributes } from "../srm/seen-attributes.js";
import { type SrmPlan, SrmWork } from "../srm/srm-work.js";
import { type ExperimentVerdict, judgeExperiment } from "../srm/verdict.js";
import { createPaint } from "../text/paint.js";
import { count } from "../text/values.js";
import { type Command, command } from "./command.js";

const NOT_LOOKED_FOR =
  "the rows contain counts, so duplicates and subjects with two variations cannot be detected";

const NO_KNOWN_EXPERIMENT =
  "no exposure names an experiment of this configuration. Are the exposures from another environment?";

/** `sortition srm`: tests whether the subjects of each experiment were split as configured. */
export const srm: Command = command(SRM, parseSrmOptions, async (options, io) => {
  const { attributes, dialect, eventsName, eventsPaths, htmlPath, isDaily, isJson } = options;
  const { reading, readingOptions, sample, separator, threads } = options;
  const progress = new ReadProgress(io, options.isQuiet);
  const messages = progress.over(createMessages(io));
  const { configuration } = await dialect.open({ ...options, warn: messages.warning });
  const bad = new BadLines(messages, options.rowLimits);
  const counted = reading.map?.hasCounts ? new CountedSubjects(attributes) : null;
  const firsts = counted ?? new FirstExposures(attributes);
  const seenAttributes = new SeenAttributes(attributes);
  const units = unitsOf(configuration, dialect);
  const plan: SrmPlan = { command: "srm", readingOptions, attributes, units, sample };
  const facts = [...sampleFacts(sample), ...(counted === null ? [] : [NOT_LOOKED_FOR])];
  facts.forEach(messages.plain);
  const making = { work: new SrmWork(plan), plan, threads, progress };
  await forEachPart(
    await openRecords(
      {
        ...{ paths: eventsPaths, separator, command: "srm", note: messages.plain },
        checkHeader: (header) => reading.map?.checkHeader(header),
      },
      io,
    ),
    making,
    (part) => {
      bad.add(part.bad);
      firsts.add(part);
      seenAttributes.add(part.seenAttributes);
      reading.map?.noteSeen(part.seenColumns);
      reading.seen.add(part.columns);
    },
  );
  const found = firsts.experiments.length;
  const isEmpty = found === 0;
  const missing = "no exposure with a variation";
  // Columns are checked below, together with attributes.
  if (!finishReading({ name: eventsName, found, missing, bad, map: null })) return EXIT.unusable;
  if (counted !== null && counted.repeated > 0) {
    const rows =
      counted.repeated === 1 ? "1 row repeats" : `${count(counted.repeated)} rows repeat`;
    messages.warning(`${rows} an earlier one. Their counts are added`);
  }
  if (!isEmpty) {
    reading.map?.checkSeen();
    seenAttributes.check((name) => columnHint(name, { options: readingOptions, reading }));
  }
  tableReport(reading, ["id"]).forEach(messages.plain);
  const experiments = new ConfiguredExperiments(configuration, dialect);
  const verdicts = firsts.experiments.map((experiment, i, all) => {
    progress.step(`testing experiment ${count(i + 1)} of ${count(all.length)}`);
    return judgeExperiment(experiment, {
      configured: experiments.of(experiment),
      publishedAtMs: configuration.publishedAtMs,
      attributes,
    });
  });
  progress.erase();
  if (htmlPath !== null) {
    const [fromMs, toMs] = firsts.times ?? [];
    const source: PageSource = {
      command: "srm",
      dialect: dialect.name,
      configurations: [{ name: options.configPath, revision: configuration.revision }],
      input: { kind: "Exposures", name: eventsName },
      times:
        fromMs === undefined || toMs === undefined ? null : [minuteText(fromMs), minuteText(toMs)],
      unread: bad.count,
      unjudged: verdicts.reduce((sum, it) => sum + (it.test === null ? unjudgedOf(it) : 0), 0),
      options: options.usedOptions,
      writtenAtMs: Date.now(),
    };
    await writePage(htmlPath, srmPage(verdicts, { facts, source }));
  }
  const text = isJson
    ? verdicts.map((it) => `${JSON.stringify(verdictReport(it))}\n`).join("")
    : renderVerdicts(verdicts, isDaily, createPaint(io.stdout, io.env));
  await writeResult(io.stdout, text);
  const isKnown = isEmpty || firsts.experiments.some((it) => experiments.has(it));
  if (!isKnown && !options.rowLimits.allowsEmpty) {
    messages.error(NO_KNOWN_EXPERIMENT);
    return EXIT.unusable;
  }
  const isFine = !bad.isTooMany && verdicts.every(({ verdict }) => verdict !== "mismatch");
  return isFine ? EXIT.ok : EXIT.problems;
});

/** Number of exposures, or of subjects if the rows contain counts. */
function unjudgedOf({ exposures, subjects }: ExperimentVerdict): number {
  return exposures ?? subjects;
}

/**
 * Flags that hash an attribute, with its name. Such flags split the attribute's values, even if subjects share one.
 */
function unitsOf(
  configuration: OpenConfiguration["configuration"],
  { judge }: CliDialect,
): ReadonlyMap<string, string> {
  const units = new Map<string, string>();
  if (judge.unitOf === undefined) return units;
  for (const key of configuration.flagKeys) {
    const flag = configuration.flag(key);
    const unit = flag === null ? null : judge.unitOf(flag, configuration);
    if (unit !== null) units.set(key, unit);
  }
  return units;
}
