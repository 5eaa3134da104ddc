import type { Analysis, AnalysisInput, Reading } from "../analysis/run.js";
import { convertedLines } from "../events/column-report.js";
import { SeenColumns } from "../events/seen-columns.js";
import { openDiffWork } from "./diff-work.js";
import type { FlagDiff, Movement } from "./flag-diff.js";
import { violationsOf } from "./limits.js";
import { madeUpSubjects } from "./made-up-subjects.js";
import { undecidedText } from "./measuring.js";
import type { DiffOptions } from "./options.js";
import { diffReport, isRerandomized } from "./report.js";
import type { WatchConfigurations } from "./subject-watch.js";

/** The rows of `--subjects`; `null` without it. */
export function subjectsOf({
  map,
  separator,
  subjectsPath,
}: Pick<DiffOptions, "map" | "separator" | "subjectsPath">): AnalysisInput | null {
  if (subjectsPath === null) return null;
  return {
    kind: "Subjects",
    paths: [subjectsPath],
    name: subjectsPath,
    title: `--subjects ${subjectsPath}`,
    command: "diff OLD NEW --subjects",
    missing: "no subject",
    separator,
    map,
  };
}

/** Compares two configurations of one dialect. */
export async function diffAnalysis(
  options: DiffOptions,
  watch: WatchConfigurations,
  { bad, messages }: Reading,
): Promise<Analysis> {
  const { configPath, dialect, newSide } = options;
  const seen = new SeenColumns();
  const isMadeUp = options.subjectsPath === null;
  const work = await openDiffWork(options, watch, { bad, seen, warn: messages.warning });
  const isGenerated = isMadeUp && work.flags.some(({ movement }) => movement !== null);
  return {
    ...(isGenerated ? { generated: madeUpSubjects() } : {}),
    read: (records) => work.read(records),
    get found() {
      return isMadeUp ? null : work.subjects.size;
    },
    report() {
      [...convertedLines({ seen }), ...work.subjects.facts].forEach(messages.plain);
      const unread = options.map?.unreadOf(seen.names) ?? [];
      const compared = work.flags.map(({ comparison, movement: counted, shares, unmeasured }) => {
        const source = isMadeUp ? "generated" : "subjects";
        const movement: Movement | null =
          counted === null ? shares : { source, ...counted.moves.counted };
        // A reason that is known before any evaluation takes precedence.
        const undecided = movement === null ? null : undecidedText(movement, unread);
        return { ...comparison, movement, unmeasured: unmeasured ?? undecided };
      });
      const shown = compared.sort(byImportance);
      const [old, now] = work.revisions;
      const configurations = [
        { name: configPath, revision: old },
        { name: newSide.configPath, revision: now },
      ];
      const report = diffReport(
        shown,
        options.isListed ? options.showsSubjects : null,
        configurations,
      );
      const watched = work.watch.report();
      return {
        ...report,
        sections: () => [...report.sections(), ...watched.sections],
        json: [...report.json, ...watched.json],
        answer: [...report.answer, ...work.subjects.facts.map((it) => `${it}.`)],
        about: {
          dialect: dialect.name,
          configurations,
          times: null,
          unjudged: shown.reduce((sum, { movement }) => sum + (movement?.undecided ?? 0), 0),
        },
        violations: violationsOf(shown, options.limits),
      };
    },
  };
}

/** Sorts re-randomised flags first, then flags by the share of subjects that move. */
function byImportance(a: FlagDiff, b: FlagDiff): number {
  const part = ({ movement }: FlagDiff): number =>
    movement === null || movement.total === 0 ? 0 : movement.moved / movement.total;
  return Number(isRerandomized(b)) - Number(isRerandomized(a)) || part(b) - part(a);
}
