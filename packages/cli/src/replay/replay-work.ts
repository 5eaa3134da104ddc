import { createExplainingClient, type ExplainingClient } from "@sortition/core/internal";
import type { CliDialect } from "../dialects/dialect.js";
import { type PayloadFile, payloadOf } from "../evaluate/payload-file.js";
import { type ReadingOptions, readingOf } from "../events/event-options.js";
import { forEachExposure } from "../events/exposures.js";
import type { ExposureReading } from "../events/read-exposure.js";
import { attributeReadingOf } from "../events/table-attributes.js";
import { FlagJudge } from "../judge/flag-judge.js";
import { isSampled, type Sample } from "../keys/sample.js";
import type { RecordWork } from "../parts/record-work.js";
import { LineNotes } from "../rows/bad-lines.js";
import { type FileRecords, rowsOf } from "../rows/parse-row.js";
import { History, type Revision } from "./history.js";
import { judgeRow } from "./judge-row.js";
import { isWrong } from "./judgement.js";
import { MissingAttributes } from "./missing-attributes.js";
import { type ReplayPart, ReplayRows } from "./replay-part.js";
import { UnresolvedFlags } from "./unresolved-flags.js";
import { whyOf, wrongText } from "./wrong-ones.js";

/** How to judge exposures, in a form that can be sent to another thread. */
export interface ReplayPlan {
  readonly command: "replay";
  readonly dialect: string;
  /** The dialect's own options. */
  readonly ownOptions: ReadonlyMap<string, string>;
  readonly revisions: readonly {
    readonly path: string;
    readonly file: PayloadFile;
    /** Fallback for the time when it came into force, in epoch ms, if the payload does not contain it. */
    readonly writtenAtMs: number;
  }[];
  readonly readingOptions: ReadingOptions;
  /** The subjects to judge; `null`: all subjects. */
  readonly sample: Sample | null;
  readonly graceMs: number;
  readonly isListed: boolean;
  readonly isJson: boolean;
  readonly showsSubjects: boolean;
}

interface OpenRevision extends Revision {
  readonly client: ExplainingClient;
}

/**
 * Opens the configurations.
 *
 * @throws UsageError, FileError
 */
export async function openReplayWork(
  plan: ReplayPlan,
  dialect: CliDialect,
  warn: (message: string) => void,
): Promise<ReplayWork> {
  const opened: OpenRevision[] = [];
  for (const { file, path, writtenAtMs } of plan.revisions) {
    const { configuration } = await dialect.open({
      configPath: path,
      config: async () => payloadOf(file),
      option: (name) => plan.ownOptions.get(name),
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
  return new ReplayWork(plan, dialect, opened);
}

export class ReplayWork implements RecordWork<ReplayPart> {
  readonly #plan: ReplayPlan;
  readonly #dialect: CliDialect;
  readonly #history: History;
  readonly #reading: ExposureReading;
  readonly #opened: readonly OpenRevision[];

  constructor(plan: ReplayPlan, dialect: CliDialect, opened: readonly OpenRevision[]) {
    this.#plan = plan;
    this.#dialect = dialect;
    this.#history = new History(opened, plan.graceMs);
    this.#opened = opened;
    const reading = readingOf(plan.readingOptions);
    const configurations = opened.map(({ judge }) => judge.configuration);
    const ofTables = attributeReadingOf(dialect.judge, configurations, reading.map);
    this.#reading = { ...reading, ...ofTables };
  }

  /** The configurations used to judge exposures, the oldest first. */
  get configurations(): readonly { readonly name: string; readonly revision: string }[] {
    return this.#opened.map(({ judge, name }) => {
      return { name, revision: judge.configuration.revision };
    });
  }

  /** Time when the first configuration came into force, in epoch ms. */
  get firstMs(): number {
    return this.#opened[0]?.sinceMs ?? Number.NEGATIVE_INFINITY;
  }

  /** Names of the experiments of the newest configuration. */
  get experimentNames(): Iterable<string> {
    return this.#opened.at(-1)?.experiments.names ?? [];
  }

  part(records: FileRecords): ReplayPart {
    const bad = new LineNotes();
    const judged = new ReplayRows();
    const unknownExperiments = new Set<string>();
    const missing = new MissingAttributes();
    const unresolved = new UnresolvedFlags();
    let listed = "";
    forEachExposure(rowsOf(records), this.#reading, bad, (row, place) => {
      if (!isSampled(row.subject, this.#plan.sample)) {
        bad.countUnsampled();
        return;
      }
      const { exposure, isKnown, judgement } = judgeRow(row, this.#history);
      if (!isKnown) unknownExperiments.add(exposure.flag);
      judged.add(exposure, judgement.kind);
      if (judgement.kind === "attributes-missing") missing.note(judgement.detail);
      if (judgement.kind === "unresolved") {
        unresolved.add([{ flag: exposure.flag, problem: `${judgement.detail}`, exposures: 1 }]);
      }
      if (!this.#plan.isListed || !isWrong(judgement.kind)) return;
      const { client, judge } = this.#history.at(exposure.timeMs) as OpenRevision; // the history was created from these
      const isThere =
        this.#dialect.explainer.payloadKey(judge.configuration, exposure.flag) !== null;
      const why = isThere ? whyOf(exposure, client) : [];
      listed += wrongText(exposure, place, judgement, why, this.#plan);
    });
    return {
      bad: bad.part,
      flags: judged.flags,
      variations: judged.variations,
      rows: judged.rows,
      unresolved: unresolved.list,
      unknownExperiments: [...unknownExperiments],
      listed,
      seenColumns: this.#reading.map?.seen ?? [],
      columns: this.#reading.seen.part,
      missing: missing.counts,
    };
  }
}
