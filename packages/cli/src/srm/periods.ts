import { shortTimeText } from "@sortition/core/dialect-internal";
import type { CliDialect } from "../dialects/dialect.js";
import type { ExposureRow } from "../events/exposure-row.js";
import type { Timeline } from "../history/timeline.js";
import { madeOnce } from "../made-once.js";
import { countText } from "../text/values.js";
import { type ConfiguredExperiment, ConfiguredExperiments } from "./configured-experiment.js";
import { sharesText } from "./configured-shares.js";
import { type ExperimentName, experimentId } from "./experiment-name.js";
import { classOf, type Newcomers, newcomersOf } from "./newcomers.js";
import { type RowPlace, RowPlaces } from "./row-place.js";

/** A time during which all revisions split an experiment in the same way. */
export interface Period {
  readonly fromMs: number;
  /** `null` if it has not ended. */
  readonly toMs: number | null;
}

/** An experiment of a row, and the period in which the row is counted. */
export interface PeriodPlace extends RowPlace {
  /** Number of the period or, for newcomers, of a part of it. `null`: the row is not counted. */
  readonly period: number | null;
}

const COUNTED_NEWCOMERS =
  "an earlier revision assigned only some of the subjects, unevenly, and counts do not show which";

/** Finds the experiments of rows, and the periods in which their configured splits did not change. */
export class Periods {
  readonly #timeline: Timeline;
  readonly #places: readonly RowPlaces[];
  readonly #configured: readonly ConfiguredExperiments[];
  readonly #starts = new Map<string, readonly number[]>();
  readonly #newcomers = new Map<string, Newcomers>();
  /** Parts of periods, numbered after the revisions. */
  readonly #classes: { readonly start: number; readonly class: string }[] = [];
  #nearChanges = 0;
  #early = 0;
  #undated = 0;
  #unplaced = 0;

  constructor(timeline: Timeline, dialect: CliDialect) {
    const { configurations } = timeline;
    this.#timeline = timeline;
    this.#places = configurations.map((it) => new RowPlaces(it, dialect));
    this.#configured = configurations.map((it) => new ConfiguredExperiments(it, dialect));
  }

  /** Sentences about what rows of counts must count instead of subjects, without a full stop. */
  get countedTexts(): readonly string[] {
    const units = new Set(this.#places.flatMap(({ countedUnits }) => [...countedUnits]));
    return [...units].map(
      (unit) =>
        `an experiment is split by ${unit}, so each row must contain a number of distinct values of ${unit}`,
    );
  }

  /** Sentences about the rows that were skipped, without a full stop. */
  get skippedTexts(): readonly string[] {
    const skipped = new Map<string, number>();
    for (const [which, rows] of this.#places.flatMap((it) => [...it.skipped])) {
      skipped.set(which, (skipped.get(which) ?? 0) + rows);
    }
    return [
      ...[...skipped].flatMap(([which, rows]) => skippedText(rows, which)),
      ...skippedText(this.#nearChanges, "near a change of the split"),
      ...skippedText(this.#early, "older than the first configuration in --history"),
      ...skippedText(this.#undated, "without a time. Name the column with --map time=COLUMN"),
      ...skippedText(
        this.#unplaced,
        "whose attributes do not show whether an earlier revision assigned a variation",
      ),
    ];
  }

  /**
   * Returns `null` for a row that is not counted, because it names no variation, or several.
   *
   * @throws FileError if the first row is older than the history.
   */
  placeOf(row: ExposureRow): PeriodPlace | null {
    const place = this.#places[this.#timeline.indexAt(row.timeMs)]?.of(row) ?? null;
    return place === null ? null : { ...place, period: this.#periodOf(place.name, row) };
  }

  /** Whether a configuration contains the experiment, or its flag. */
  has(name: ExperimentName): boolean {
    return this.#configured.some((it) => it.has(name));
  }

  /**
   * The experiment as configured in a period, for newcomers.
   *
   * @param hasEarlier - whether subjects had exposures in earlier periods.
   */
  configured(name: ExperimentName, period: number, hasEarlier: boolean): ConfiguredExperiment {
    const start = this.startOf(period);
    const configured = (this.#configured[start] as ConfiguredExperiments).of(name); // a revision
    const newcomers = this.#newcomersIn(name, start);
    if (newcomers.kind === "alike" || !hasEarlier) return configured;
    const problem = newcomers.kind === "unknown" ? newcomers.problem : COUNTED_NEWCOMERS;
    const own = this.#classes[period - this.#configured.length];
    const shares =
      newcomers.kind === "classes" ? newcomers.shares.get(own?.class ?? "") : undefined;
    return shares === undefined
      ? { ...configured, shares: null, problem }
      : { ...configured, shares, problem: null, variations: new Set(shares.keys()) };
  }

  /** Index of the first revision of a period. */
  startOf(period: number): number {
    return this.#classes[period - this.#configured.length]?.start ?? period;
  }

  /** When a period begins and ends; `null` if the split never changed. */
  spanOf(name: ExperimentName, period: number): Period | null {
    const starts = this.#startsOf(name);
    const own = this.startOf(period);
    const end = starts.findIndex((start) => start > own);
    if (own === 0 && end === -1) return null;
    const sinceMs = (at: number): number => this.#timeline.revisions[at]?.sinceMs ?? Number.NaN;
    return { fromMs: sinceMs(own), toMs: end === -1 ? null : sinceMs(end) };
  }

  #periodOf(name: ExperimentName, row: ExposureRow): number | null {
    if (!this.#timeline.isHistory) return 0;
    if (Number.isNaN(row.timeMs)) {
      this.#undated += 1;
      return null;
    }
    if (!this.#timeline.note(row.timeMs)) {
      this.#early += 1;
      return null;
    }
    const starts = this.#startsOf(name);
    const [first, last] = this.#timeline.rangeOf(row);
    if (starts[first] === starts[last]) return this.#classIn(name, starts[first] ?? 0, row);
    this.#nearChanges += 1;
    return null;
  }

  /** The number of the part of a period that the subject of a row belongs to; `null` if the row does not show it. */
  #classIn(name: ExperimentName, start: number, row: ExposureRow): number | null {
    const newcomers = this.#newcomersIn(name, start);
    if (newcomers.kind !== "classes" || row.count !== null) return start;
    const given: boolean[] = [];
    for (const revision of newcomers.revisions) {
      const { source } = (this.#configured[revision] as ConfiguredExperiments).of(name); // a revision
      const untilMs = this.#timeline.revisions[revision + 1]?.sinceMs ?? row.timeMs;
      const takes = source && this.#places[revision]?.takes(source, row, untilMs - 1);
      if (takes === null || takes === undefined) {
        this.#unplaced += 1;
        return null;
      }
      given.push(takes);
    }
    const own = classOf(given);
    const known = this.#classes.findIndex((it) => it.start === start && it.class === own);
    const index = known === -1 ? this.#classes.push({ start, class: own }) - 1 : known;
    return this.#configured.length + index;
  }

  #newcomersIn(name: ExperimentName, start: number): Newcomers {
    const id = `${experimentId(name)}\0${start}`;
    return madeOnce(this.#newcomers, id, () => {
      const earlier = this.#configured.slice(0, start).map((it, revision) => {
        return { revision, configured: it.of(name) };
      });
      const now = this.#configured[start];
      const isFirst = now === undefined || start === 0;
      return isFirst ? { kind: "alike" } : newcomersOf(earlier, now.of(name));
    });
  }

  /** For each revision, the index of the first one of its period. */
  #startsOf(name: ExperimentName): readonly number[] {
    return madeOnce(this.#starts, experimentId(name), () => {
      const splits = this.#configured.map((it) => splitText(it.of(name)));
      const starts: number[] = [];
      splits.forEach((split, i) => {
        starts.push(split === splits[i - 1] ? (starts[i - 1] ?? 0) : i);
      });
      return starts;
    });
  }
}

/** Describes a period, e.g. `2026-02-01 to 2026-03-01`. */
export function periodText({ fromMs, toMs }: Period): string {
  const from = shortTimeText(fromMs);
  return toMs === null ? `from ${from}` : `${from} to ${shortTimeText(toMs)}`;
}

/** A string that is equal for experiments that are split alike. */
function splitText({ problem, shares }: ConfiguredExperiment): string {
  return problem ?? sharesText(shares);
}

function skippedText(rows: number, which: string): readonly string[] {
  return rows === 0 ? [] : [`skipped ${countText(rows, "row")} ${which}`];
}
