import type { Clock, Configuration, Diagnostics, Dialect } from "@sortition/core";
import { messageOf } from "@sortition/core/internal";
import type { DialectName } from "../config/config.js";
import type { AnswerSet } from "../environment/answers.js";
import {
  type ChangedFlag,
  type ChangeKind,
  changedFlags,
  describeFirst,
} from "../explain/compare-revisions.js";
import { EXPLAINERS } from "../explain/explainers.js";
import type { HistoryFiles } from "./history-files.js";
import { type KeptPart, type KeptRevision, loadKept } from "./kept-revision.js";

/** Number of changes to keep, in addition to the revision before the first of them. */
const MAX_CHANGES = 50;
const MAX_BYTES = 64 * 1_024 * 1_024;

/** A configuration that this relay served, with the flags that it changed. */
export interface SeenRevision extends KeptRevision {
  /** When this relay began to serve it, epoch ms. */
  readonly seenAtMs: number;
  /** When the vendor published it, epoch ms; `null` if the payload has no time. */
  readonly publishedAtMs: number | null;
  /** Changes by flag key; `null` if the previous revision is unknown. */
  readonly changes: ReadonlyMap<string, ChangeKind> | null;
  /** The first changed flags, described when the relay saw the change. */
  readonly described: readonly ChangedFlag[];
}

/** Options of a {@link History}. */
export interface HistoryOptions {
  readonly dialectName: DialectName;
  readonly dialect: Dialect<object>;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** `null`: the history ends with the process. */
  readonly files: HistoryFiles | null;
}

/** The last configurations of one environment that this relay served, in memory and, with a disk cache, on disk. */
export class History {
  readonly #options: HistoryOptions;
  /** The oldest first. */
  #revisions: readonly SeenRevision[] = [];
  /** The configuration of the last revision. */
  #latest: Configuration | null = null;
  /** The last recording. Configurations are recorded one after another. */
  #recording: Promise<void>;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#recording = this.#restore();
  }

  /** All revisions, the newest first. */
  get revisions(): readonly SeenRevision[] {
    return this.#revisions.toReversed();
  }

  /**
   * Returns a revision, or `null` if it is not kept.
   *
   * @param seenAtMs - distinguishes revisions that were served more than once; `null`: the newest one.
   */
  find(revision: string, seenAtMs: number | null = null): SeenRevision | null {
    const isFound = (it: SeenRevision): boolean =>
      it.revision === revision && (seenAtMs === null || it.seenAtMs === seenAtMs);
    return this.#revisions.findLast(isFound) ?? null;
  }

  /** Returns the revision that was served before; `null` if it is not kept. */
  before(revision: SeenRevision): SeenRevision | null {
    return this.#revisions[this.#revisions.indexOf(revision) - 1] ?? null;
  }

  /** Returns when this relay last saw a flag change, epoch ms. */
  lastChangeOf(flagKey: string): number | null {
    return this.#revisions.findLast(({ changes }) => changes?.has(flagKey))?.seenAtMs ?? null;
  }

  /** Records a configuration that is served from now on. Does not throw: failures are reported. */
  record(configuration: Configuration, answers: AnswerSet): void {
    const seenAtMs = this.#options.clock.now();
    this.#recording = this.#recording
      .then(() => this.#record(configuration, answers, seenAtMs))
      .catch((error) => {
        this.#options.diagnostics.warn("a configuration could not be added to the history", {
          reason: messageOf(error),
        });
      });
  }

  /** Resolves when all configurations so far are recorded. */
  async settled(): Promise<void> {
    await this.#recording;
  }

  async #restore(): Promise<void> {
    this.#revisions = (await this.#options.files?.read()) ?? [];
  }

  async #record(configuration: Configuration, answers: AnswerSet, seenAtMs: number): Promise<void> {
    const { dialectName, files } = this.#options;
    const { publishedAtMs, revision } = configuration;
    const former = this.#revisions.at(-1) ?? null;
    if (former !== null && isOlderCopy(answers, former)) return;
    const before = this.#latest ?? (await this.#loaded(former));
    this.#latest = configuration;
    if (former?.revision === revision) return;
    const explainer = EXPLAINERS[dialectName];
    const changes = before === null ? null : changedFlags(before, configuration, explainer);
    const seen: SeenRevision = {
      ...{ revision, seenAtMs, publishedAtMs, changes },
      described:
        before === null || changes === null
          ? []
          : describeFirst(changes, before, configuration, explainer),
      parts: await keptParts(answers),
    };
    const kept = withinBounds([...this.#revisions, seen]);
    this.#revisions = kept;
    await files?.write(seen);
    await files?.removeOthers(kept);
  }

  /** Loads the configuration that was served when the previous process ended. */
  async #loaded(former: SeenRevision | null): Promise<Configuration | null> {
    if (former === null) return null;
    // The dialect's options may have changed, so that it cannot read this configuration any more.
    return await loadKept(former, this.#options.dialect).catch(() => null);
  }
}

/**
 * Whether a configuration is a copy from disk that was received before a revision. A relay can stop before it has replaced
 * its copy, so the next process may start with an older configuration than the last of its history.
 */
function isOlderCopy({ payloads }: AnswerSet, { seenAtMs }: SeenRevision): boolean {
  return payloads.every(({ fetchedAtMs, from }) => from === "disk" && fetchedAtMs < seenAtMs);
}

async function keptParts({ parts, payloads }: AnswerSet): Promise<readonly KeptPart[]> {
  return await Promise.all(
    payloads.map(async ({ etag, fetchedAtMs, isOptional = false, part }): Promise<KeptPart> => {
      const gzipped = await parts.get(part)?.gzipped;
      if (!gzipped) throw new Error(`the part ${part} could not be compressed`);
      return { part, etag, fetchedAtMs, isOptional, gzipped };
    }),
  );
}

/** Drops the oldest revisions if there are too many, or if they are too large. The newest one is always kept. */
function withinBounds(revisions: readonly SeenRevision[]): readonly SeenRevision[] {
  let [bytes, first] = [0, revisions.length];
  while (first > 0 && revisions.length - first <= MAX_CHANGES) {
    const { parts } = revisions[first - 1] as SeenRevision; // 0 < first <= length
    bytes += parts.reduce((sum, { gzipped }) => sum + gzipped.length, 0);
    if (bytes > MAX_BYTES && first < revisions.length) break;
    first -= 1;
  }
  return revisions.slice(first);
}
