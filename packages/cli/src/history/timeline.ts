import type { Configuration } from "@sortition/core";
import { shortTimeText } from "@sortition/core/dialect-internal";
import { FileError } from "../errors.js";
import type { ExposureRow } from "../events/exposure-row.js";
import { count } from "../text/values.js";
import type { HistoryOptions } from "./history-options.js";
import { openRevisions, type Revision } from "./open-revisions.js";

/** The indexes of the first and the last of several revisions. */
export type RevisionRange = readonly [first: number, last: number];

/** A day, because rows of counts may name a day instead of a time. */
const DAY_MS = 86_400_000;
/** Up to this fraction of the exposures may be older than the first revision, because clocks may be wrong. */
const MAX_EARLY = 0.01;

/**
 * Opens the configurations of `--history` or `--config`.
 *
 * @throws UsageError, FileError
 */
export async function openTimeline(
  options: HistoryOptions,
  warn: (message: string) => void,
): Promise<Timeline> {
  const { configPath, dialect, graceMs, history } = options;
  if (history === null) {
    const { configuration } = await dialect.open({ ...options, warn });
    const sinceMs = Number.NEGATIVE_INFINITY;
    return new Timeline([{ name: configPath, sinceMs, configuration }], graceMs, null);
  }
  const opened = await openRevisions(history.files, options, warn);
  opened.forEach(({ name, sinceMs }, i) => {
    const next = opened[i + 1];
    if (next?.sinceMs !== sinceMs) return;
    warn(`${name} and ${next.name} have the same time, so exposures may match either`);
  });
  return new Timeline(opened, graceMs, history.folder);
}

/** Revisions in the order of time. Finds those in force at the time of an exposure. */
export class Timeline {
  readonly revisions: readonly Revision[];
  readonly #graceMs: number;
  readonly #folder: string | null;
  #rows = 0;
  #early = 0;

  /**
   * @param revisions - at least one revision, the oldest first.
   * @param graceMs - the time before and after a change in which exposures may follow either revision.
   * @param folder - the folder of `--history`; `null` for a single configuration.
   */
  constructor(revisions: readonly Revision[], graceMs: number, folder: string | null) {
    this.revisions = revisions;
    this.#graceMs = graceMs;
    this.#folder = folder;
  }

  get configurations(): readonly Configuration[] {
    return this.revisions.map(({ configuration }) => configuration);
  }

  /** Names and revisions of the configurations, for reports. */
  get sources(): readonly { readonly name: string; readonly revision: string }[] {
    return this.revisions.map(({ configuration: { revision }, name }) => ({ name, revision }));
  }

  /** Whether there may be several revisions. */
  get isHistory(): boolean {
    return this.#folder !== null;
  }

  /** When the only configuration was published, epoch ms; `null` if that is unknown or there are several. */
  get publishedAtMs(): number | null {
    return this.isHistory ? null : (this.revisions[0]?.configuration.publishedAtMs ?? null);
  }

  /** Index of the revision in force at a time, or of the first revision for an earlier time. */
  indexAt(timeMs: number): number {
    let index = 0;
    for (let i = 1; i < this.revisions.length; i++) {
      if (this.#sinceMs(i) <= timeMs) index = i;
    }
    return index;
  }

  /**
   * The revisions that an exposure may follow. There are several near a change, and if a change was within the day of a row of
   * counts, or between two occurrences of a local time.
   */
  rangeOf({ count: subjects, laterMs, timeMs }: ExposureRow): RevisionRange {
    const isDay = subjects !== null && timeMs % DAY_MS === 0;
    const lastMs = Math.max(timeMs + (isDay ? DAY_MS - 1 : 0), laterMs ?? timeMs);
    return [this.#firstBefore(timeMs), this.indexAt(lastMs + this.#graceMs)];
  }

  /**
   * Notes the time of an exposure, in the order of the input.
   *
   * @returns whether a revision was in force.
   * @throws FileError if the first exposure is older than all revisions.
   */
  note(timeMs: number): boolean {
    if (!this.isHistory) return true;
    this.#rows += 1;
    if (timeMs >= this.#sinceMs(0)) return true;
    this.#early += 1;
    if (this.#rows === 1)
      throw this.#noConfiguration(`the first exposure (${shortTimeText(timeMs)}) is`);
    return false;
  }

  /** @throws FileError if too many exposures are older than all revisions. */
  checkCovered(): void {
    if (this.#early <= MAX_EARLY * this.#rows) return;
    throw this.#noConfiguration(`${count(this.#early)} of ${count(this.#rows)} exposures are`);
  }

  #noConfiguration(what: string): FileError {
    const [{ name, sinceMs }] = this.revisions as readonly [Revision]; // not empty
    return new FileError(
      `--history ${this.#folder}: ${what} older than the first configuration (${name}, in force since ${shortTimeText(sinceMs)}). Add the configuration that was in force before`,
    );
  }

  /** Index of the first revision that may have caused an event, including one that ended exactly a grace period before. */
  #firstBefore(timeMs: number): number {
    const earliestMs = timeMs - this.#graceMs;
    let first = this.indexAt(earliestMs);
    if (this.#graceMs > 0 && first > 0 && this.#sinceMs(first) === earliestMs) first -= 1;
    // If two revisions have the same time, their order is unknown.
    while (this.#sinceMs(first - 1) === this.#sinceMs(first)) first -= 1;
    return first;
  }

  #sinceMs(index: number): number {
    return this.revisions[index]?.sinceMs ?? Number.NaN;
  }
}
