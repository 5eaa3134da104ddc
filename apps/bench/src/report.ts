import type { Mode, Statistic, Target } from "./cells/cell.js";
import type { Machine } from "./machine.js";
import { median, percentile } from "./order-statistics.js";
import type { CellOutcome, Measurement } from "./run-cell.js";
import { formatFigure, type Unit } from "./unit.js";

/** A run, as it is written to a file. */
export interface Report {
  readonly startedAt: string;
  readonly mode: Mode;
  readonly machine: Machine;
  readonly cells: readonly CellReport[];
}

export type CellReport =
  | {
      readonly id: string;
      readonly title: string;
      readonly state: "measured";
      readonly unit: Unit;
      readonly answersCompared: number;
      /** Whether the worst rounds count. */
      readonly hasTail: boolean;
      readonly participants: readonly ParticipantReport[];
      readonly absences: readonly { readonly participant: string; readonly reason: string }[];
      readonly targets: readonly TargetReport[];
    }
  | {
      readonly id: string;
      readonly title: string;
      readonly state: "aborted";
      readonly reason: string;
    };

/** Figures of one operation, in the unit of the cell. */
export interface ParticipantReport {
  readonly name: string;
  readonly min: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
  /** Minimum over the minimum of the first participant; `null` if that is 0. */
  readonly ratio: number | null;
  readonly operationsPerRound: number;
  readonly rounds: readonly number[];
  readonly checksum: number;
}

export interface TargetReport {
  readonly text: string;
  readonly figure: number;
  /** `times`: the figure is a factor. */
  readonly unit: Unit | "times";
  readonly isMet: boolean;
}

/** Reports the outcome of a cell. */
export function reportOf(outcome: CellOutcome): CellReport {
  const { id, title, unit, targets } = outcome.cell;
  if (outcome.kind === "aborted") return { id, title, state: "aborted", reason: outcome.reason };
  const { measurements, absences, answersCompared } = outcome;
  const statistics = new Map(measurements.map((it) => [it.participant, statisticsOf(it)]));
  const [reference] = statistics.values();
  return {
    id,
    title,
    state: "measured",
    unit,
    answersCompared,
    hasTail: outcome.cell.hasTail ?? false,
    participants: measurements.map((it) => participantReport(it, reference?.min ?? 0)),
    absences,
    targets: targets.flatMap((target) => targetReport(target, statistics, unit) ?? []),
  };
}

function participantReport(measurement: Measurement, reference: number): ParticipantReport {
  const rounds = figuresOf(measurement);
  const statistics = statisticsOf(measurement);
  return {
    name: measurement.participant,
    ...statistics,
    ratio: reference === 0 ? null : statistics.min / reference,
    operationsPerRound: measurement.rounds[0]?.operations ?? 0,
    rounds,
    checksum: measurement.rounds.reduce((sum, { checksum }) => sum + checksum, 0),
  };
}

/** `null` if one of its participants is absent. */
function targetReport(
  target: Target,
  statistics: ReadonlyMap<string, Statistics>,
  unit: Unit,
): TargetReport | null {
  const { participant } = target;
  const its = statistics.get(participant)?.min;
  if (its === undefined) return null;
  if (target.kind === "limit") {
    const { atMost, of = "min" } = target;
    const text = `${participant}${of === "min" ? "" : `, ${of}`} ≤ ${formatFigure(atMost, unit)}`;
    const figure = statistics.get(participant)?.[of] ?? Number.NaN;
    return { text, figure, unit, isMet: figure <= atMost };
  }
  const other = target.kind === "speed-up" ? target.than : target.over;
  const theirs = statistics.get(other)?.min;
  if (theirs === undefined) return null;
  switch (target.kind) {
    case "speed-up": {
      const [text, figure] = [
        `${participant} ≥ ${target.atLeast} × as fast as ${other}`,
        theirs / its,
      ];
      return { text, figure, unit: "times", isMet: figure >= target.atLeast };
    }
    case "ratio": {
      const { atMost, plus } = target;
      const text = `${participant} ≤ ${atMost} × (${other})`;
      if (plus === undefined) {
        const figure = its / theirs;
        return { text, figure, unit: "times", isMet: figure <= atMost };
      }
      const bound = atMost * theirs + plus;
      const limit = `${text} + ${formatFigure(plus, unit)} = ${formatFigure(bound, unit)}`;
      return { text: limit, figure: its, unit, isMet: its <= bound };
    }
    case "same": {
      const { atLeast, atMost } = target;
      const [mine, others] = [participant, other].map((name) => statistics.get(name)?.median);
      const figure = (mine ?? Number.NaN) / (others ?? Number.NaN);
      const text = `median of ${participant} is ${atLeast} to ${atMost} × (${other})`;
      return { text, figure, unit: "times", isMet: figure >= atLeast && figure <= atMost };
    }
    case "excess": {
      const text = `${participant} ≤ ${formatFigure(target.atMost, unit)} over ${other}`;
      const figure = its - theirs;
      return { text, figure, unit, isMet: figure <= target.atMost };
    }
  }
}

type Statistics = Readonly<Record<Statistic, number>>;

function statisticsOf(measurement: Measurement): Statistics {
  const figures = figuresOf(measurement);
  return {
    min: Math.min(...figures),
    median: median(figures),
    p99: percentile(figures, 0.99),
    max: Math.max(...figures),
  };
}

function figuresOf({ rounds }: Measurement): readonly number[] {
  return rounds.map(({ figure }) => figure);
}
