import { createExplainingClient, type ExplainingClient } from "@sortition/core/internal";
import type { Analysis, Reading } from "../analysis/run.js";
import { readPayloadFile } from "../evaluate/payload-file.js";
import { columnReport } from "../events/column-report.js";
import { forEachExposure } from "../events/exposures.js";
import { attributeReadingOf } from "../events/table-attributes.js";
import { FlagJudge } from "../judge/flag-judge.js";
import { otherFlagsText } from "../judge/wanted-flags.js";
import { isSampled } from "../keys/sample.js";
import { rowsOf } from "../rows/parse-row.js";
import { FirstListed } from "./first-listed.js";
import { History, type Revision } from "./history.js";
import { judgeRow } from "./judge-row.js";
import { isWrong } from "./judgement.js";
import { MissingAttributes } from "./missing-attributes.js";
import type { ReplayOptions } from "./options.js";
import { replayReport } from "./report.js";
import { Summary } from "./summary.js";
import { UnknownExperiments } from "./unknown-experiments.js";
import { UnresolvedFlags } from "./unresolved-flags.js";
import { exceededLimits, nothingJudged, verdictOf } from "./verdict.js";
import { whyOf, wrongText } from "./wrong-ones.js";

const NO_KNOWN_FLAG =
  "no exposure names a flag of this configuration. Are the exposures from another environment?";

interface OpenRevision extends Revision {
  readonly client: ExplainingClient;
}

/** @throws UsageError, FileError */
export async function replayAnalysis(
  options: ReplayOptions,
  { bad, messages, write }: Reading,
): Promise<Analysis> {
  const { dialect, flags, limits, reading: given, rowLimits, sample } = options;
  const opened = await openRevisions(options, messages.warning);
  const history = new History(opened, options.graceMs);
  const configurations = opened.map(({ judge }) => judge.configuration);
  flags?.keysIn(configurations.map((it) => ({ configuration: it, explainer: dialect.explainer })));
  const reading = { ...given, ...attributeReadingOf(dialect.judge, configurations, given.map) };
  const firstMs = opened[0]?.sinceMs ?? Number.NEGATIVE_INFINITY;
  const fromMs = options.revisions === null ? Number.NEGATIVE_INFINITY : firstMs;
  const publishedMs =
    options.revisions === null ? (configurations[0]?.publishedAtMs ?? null) : null;
  const summary = new Summary({ fromMs, toMs: options.untilMs, publishedMs });
  const unresolved = new UnresolvedFlags();
  const unknown = new UnknownExperiments();
  const missing = new MissingAttributes();
  const listed = new FirstListed();
  let others = 0;
  return {
    read(records) {
      forEachExposure(rowsOf(records), reading, bad, (row, place) => {
        if (!isSampled(row.subject, sample)) {
          bad.countUnsampled();
          return;
        }
        const flagsOf = (experiment: string) => history.flagsOf(experiment, row.timeMs);
        if (flags?.hasExposure(row, flagsOf) === false) {
          others += 1;
          return;
        }
        const { exposure, isKnown, judgement } = judgeRow(row, history);
        const { detail, kind } = judgement;
        if (!isKnown) unknown.add(exposure.flag);
        summary.add(exposure, kind);
        if (kind === "attributes-missing") missing.note(detail);
        if (kind === "unresolved") unresolved.add(exposure.flag, `${detail}`);
        if (!options.isListed || !isWrong(kind)) return;
        const { client, judge } = history.at(exposure.timeMs) as OpenRevision; // the history was created from these
        const isThere = dialect.explainer.payloadKey(judge.configuration, exposure.flag) !== null;
        const why = isThere ? whyOf(exposure, client) : [];
        const text = wrongText(exposure, place, judgement, why, options);
        listed.add(text);
        write(text);
      });
    },
    get found() {
      return summary.exposures;
    },
    report() {
      const { unlikeIds } = summary;
      const read = { options: options.readingOptions, reading, unlikeIds, missing: missing.counts };
      columnReport(read).forEach(messages.plain);
      if (flags !== null) messages.plain(otherFlagsText(others));
      const problem = unknown.problem(opened.at(-1)?.experiments.names ?? []);
      if (problem !== null) messages.warning(problem);
      unresolved.sentences.forEach(messages.warning);
      const { days, total } = summary;
      const verdict = verdictOf(total);
      const { all, known, unjudged, wrong } = verdict;
      const names = days.map(({ day }) => day).sort();
      const [first, last] = [names[0], names.at(-1)];
      return {
        ...replayReport(summary, unresolved.list, listed.text),
        about: {
          dialect: dialect.name,
          configurations: opened.map(({ judge, name }) => {
            return { name, revision: judge.configuration.revision };
          }),
          times: first === undefined || last === undefined ? null : [first, last],
          unjudged,
        },
        warnings: all > 0 && total.get("no-such-flag") === all ? [NO_KNOWN_FLAG] : [],
        unusable: rowLimits.allowsEmpty ? null : nothingJudged(verdict),
        violations: exceededLimits(verdict, limits),
        isProblem: limits.isTooManyWrong(wrong, known),
      };
    },
  };
}

/** Opens the configurations, the oldest first. */
async function openRevisions(
  { config, configPath, dialect, option, revisions }: ReplayOptions,
  warn: (message: string) => void,
): Promise<readonly OpenRevision[]> {
  const files = revisions ?? [{ path: configPath, writtenAtMs: Number.NEGATIVE_INFINITY }];
  const opened: OpenRevision[] = [];
  for (const { path, writtenAtMs } of files) {
    const { configuration } = await dialect.open({
      configPath: path,
      config: revisions === null ? config : () => readPayloadFile("--history", path),
      option,
      warn,
    });
    opened.push({
      name: path,
      sinceMs: configuration.publishedAtMs ?? writtenAtMs,
      judge: new FlagJudge(configuration, dialect.judge),
      experiments: dialect.judge.experiments(configuration),
      client: createExplainingClient(configuration, dialect.explainer),
    });
  }
  opened.sort((a, b) => a.sinceMs - b.sinceMs);
  opened.forEach(({ name, sinceMs }, i) => {
    const next = opened[i + 1];
    if (next?.sinceMs !== sinceMs) return;
    warn(`${name} and ${next.name} have the same time, so exposures may match either`);
  });
  return opened;
}
