import { createExplainingClient, type ExplainingClient } from "@sortition/core/internal";
import type { Analysis, Reading } from "../analysis/run.js";
import { columnReport, valueLines } from "../events/column-report.js";
import { ExposureReader } from "../events/exposures.js";
import { attributeReadingOf } from "../events/table-attributes.js";
import { openTimeline } from "../history/timeline.js";
import { FlagJudge } from "../judge/flag-judge.js";
import { unneededBy } from "../judge/flag-reads.js";
import { FirstListed } from "./first-listed.js";
import { History, type JudgingRevision } from "./history.js";
import { judgeRow } from "./judge-row.js";
import { isWrong } from "./judgement.js";
import type { ReplayOptions } from "./options.js";
import { replayReport } from "./report.js";
import { Summary } from "./summary.js";
import { UnknownExperiments } from "./unknown-experiments.js";
import { UnresolvedFlags } from "./unresolved-flags.js";
import { exceededLimits, nothingJudged, verdictOf } from "./verdict.js";
import { whyOf, wrongText } from "./wrong-ones.js";

const NO_KNOWN_FLAG =
  "no exposure names a flag of this configuration. Are the exposures from another environment?";

interface OpenRevision extends JudgingRevision {
  readonly client: ExplainingClient;
}

/** @throws UsageError, FileError */
export async function replayAnalysis(
  options: ReplayOptions,
  { bad, messages, write }: Reading,
): Promise<Analysis> {
  const { dialect, limits, reading: given, rowLimits } = options;
  const timeline = await openTimeline(options, messages.warning);
  const history = new History(timeline, (revision): OpenRevision => {
    const { configuration } = revision;
    return {
      ...revision,
      judge: new FlagJudge(configuration, dialect.judge, unneededBy(configuration, dialect)),
      experiments: dialect.judge.experiments(configuration),
      client: createExplainingClient(configuration, dialect.explainer),
    };
  });
  const { configurations } = timeline;
  const reading = { ...given, ...attributeReadingOf(dialect.judge, configurations, given.map) };
  const exposures = new ExposureReader({ ...options, reading }, timeline, bad);
  const fromMs = timeline.revisions[0]?.sinceMs ?? Number.NEGATIVE_INFINITY;
  const publishedMs = timeline.publishedAtMs;
  const summary = new Summary({ fromMs, toMs: options.untilMs, publishedMs });
  const unresolved = new UnresolvedFlags();
  const unknown = new UnknownExperiments();
  /** Number of exposures by the attribute that they lack. */
  const missing = new Map<string, number>();
  const listed = new FirstListed();
  return {
    read(records) {
      exposures.read(records, (row, place) => {
        timeline.note(row.timeMs);
        const { exposure, isKnown, judgement } = judgeRow(row, history);
        const { detail, kind } = judgement;
        if (!isKnown) unknown.add(exposure.flag);
        summary.add(exposure, kind);
        if (kind === "attributes-missing" && detail !== null) {
          missing.set(detail, (missing.get(detail) ?? 0) + 1);
        }
        if (kind === "unresolved") unresolved.add(exposure.flag, `${detail}`);
        if (!options.isListed || !isWrong(kind)) return;
        const { client, judge } = history.at(exposure.timeMs);
        const isThere = dialect.explainer.payloadKey(judge.configuration, exposure.flag) !== null;
        const why = isThere ? whyOf(exposure, client) : [];
        const text = wrongText(exposure, place, judgement, why, options);
        listed.add(text);
        write(text);
      });
    },
    get found() {
      exposures.checkRead();
      return summary.exposures;
    },
    report() {
      timeline.checkCovered();
      const { unlikeIds } = summary;
      const read = { options: options.readingOptions, reading, unlikeIds, missing };
      columnReport(read).forEach(messages.plain);
      valueLines(exposures.valueProblem, read).forEach(messages.warning);
      const problem = unknown.problem(history.revisions.at(-1)?.experiments.names ?? []);
      if (problem !== null) messages.warning(problem);
      unresolved.sentences.forEach(messages.warning);
      const { days, total } = summary;
      const verdict = verdictOf(total);
      const { all, unjudged, wrong } = verdict;
      exposures.hints.texts(wrong > 0).forEach(messages.warning);
      const names = days.map(({ day }) => day).sort();
      const [first, last] = [names[0], names.at(-1)];
      return {
        ...replayReport(summary, unresolved.list, listed.text),
        about: {
          dialect: dialect.name,
          configurations: timeline.sources,
          times: first === undefined || last === undefined ? null : [first, last],
          unjudged,
        },
        warnings: all > 0 && total.get("no-such-flag") === all ? [NO_KNOWN_FLAG] : [],
        unusable: rowLimits.allowsEmpty ? null : nothingJudged(verdict),
        violations: exceededLimits(verdict, limits),
      };
    },
  };
}
