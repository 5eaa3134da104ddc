import type { Clock, Configuration, Diagnostics } from "@sortition/core";
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
import { type KeptRevision, keptRevision } from "./kept-revision.js";

/** Number of changes to keep, in addition to the revision before the first of them. */
const MAX_CHANGES = 50;

/** A configuration that this relay served, with the flags that it changed. */
export interface SeenRevision extends KeptRevision {
  /** When this relay began to serve it, epoch ms. */
  readonly seenAtMs: number;
  /** When the vendor published it, epoch ms; `null` if the payload has no time. */
  readonly publishedAtMs: number | null;
  /** Changes by flag key; `null` for the first revision. */
  readonly changes: ReadonlyMap<string, ChangeKind> | null;
  /** The first changed flags, described when the relay saw the change. */
  readonly described: readonly ChangedFlag[];
}

/** Options of a {@link History}. */
export interface HistoryOptions {
  readonly dialect: DialectName;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Maximum size of the kept revisions, compressed. */
  readonly maxBytes: number;
}

/** The last configurations of one environment that this process served. */
export class History {
  readonly #options: HistoryOptions;
  #maxBytes: number;
  /** The oldest first. */
  #revisions: readonly SeenRevision[] = [];
  /** The configuration of the last revision. */
  #latest: Configuration | null = null;
  /** The last recording. Configurations are recorded one after another. */
  #recording: Promise<void> = Promise.resolve();

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes;
  }

  /** Changes the maximum size, and drops the oldest revisions above it. */
  set maxBytes(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#revisions = withinBounds(this.#revisions, maxBytes);
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

  async #record(configuration: Configuration, answers: AnswerSet, seenAtMs: number): Promise<void> {
    const explainer = EXPLAINERS[this.#options.dialect];
    const { publishedAtMs, revision } = configuration;
    const before = this.#latest;
    this.#latest = configuration;
    if (before?.revision === revision) return;
    const changes = before === null ? null : changedFlags(before, configuration, explainer);
    const seen: SeenRevision = {
      ...{ seenAtMs, publishedAtMs, changes },
      described:
        before === null || changes === null
          ? []
          : describeFirst(changes, before, configuration, explainer),
      ...(await keptRevision(answers)),
    };
    this.#revisions = withinBounds([...this.#revisions, seen], this.#maxBytes);
  }
}

/** Drops the oldest revisions if there are too many, or if they are too large. The newest one is always kept. */
function withinBounds(
  revisions: readonly SeenRevision[],
  maxBytes: number,
): readonly SeenRevision[] {
  let [bytes, first] = [0, revisions.length];
  while (first > 0 && revisions.length - first <= MAX_CHANGES) {
    const { parts } = revisions[first - 1] as SeenRevision; // 0 < first <= length
    bytes += parts.reduce((sum, { gzipped }) => sum + gzipped.length, 0);
    if (bytes > maxBytes && first < revisions.length) break;
    first -= 1;
  }
  return revisions.slice(first);
}
