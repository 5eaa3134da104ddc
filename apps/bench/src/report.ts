import type { Mode } from "./cells/cell.js";
import type { Statistics, Target, TargetReport } from "./cells/target.js";
import type { Machine } from "./machine.js";
import { median, percentile } from "./order-statistics.js";
import type { CellOutcome, Measurement } from "./run-cell.js";
import type { Unit } from "./unit.js";

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
  { participants: [participant, other = participant], report }: Target,
  statistics: ReadonlyMap<string, Statistics>,
  unit: Unit,
): TargetReport | null {
  const [its, others] = [statistics.get(participant), statistics.get(other)];
  return its === undefined || others === undefined ? null : report(unit, its, others);
}

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
