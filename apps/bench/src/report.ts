import type { Mode, Target } from "./cells/cell.js";
import type { CellOutcome, Measurement } from "./run-cell.js";
import { formatFigure, type Unit } from "./unit.js";

/** The machine of a run. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  /** Load average of the last minute before the run. */
  readonly loadAverage: number;
}

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
  const minima = new Map(measurements.map((it) => [it.participant, minimum(figuresOf(it))]));
  const [reference = 0] = minima.values();
  return {
    id,
    title,
    state: "measured",
    unit,
    answersCompared,
    participants: measurements.map((it) => participantReport(it, reference)),
    absences,
    targets: targets.flatMap((target) => targetReport(target, minima, unit) ?? []),
  };
}

function participantReport(measurement: Measurement, reference: number): ParticipantReport {
  const rounds = figuresOf(measurement);
  const min = minimum(rounds);
  return {
    name: measurement.participant,
    min,
    median: median(rounds),
    ratio: reference === 0 ? null : min / reference,
    operationsPerRound: measurement.rounds[0]?.operations ?? 0,
    rounds,
    checksum: measurement.rounds.reduce((sum, { checksum }) => sum + checksum, 0),
  };
}

/** `null` if one of its participants is absent. */
function targetReport(
  target: Target,
  minima: ReadonlyMap<string, number>,
  unit: Unit,
): TargetReport | null {
  const { participant } = target;
  const its = minima.get(participant);
  if (its === undefined) return null;
  if (target.kind === "limit") {
    const text = `${participant} ≤ ${formatFigure(target.atMost, unit)}`;
    return { text, figure: its, unit, isMet: its <= target.atMost };
  }
  const other = target.kind === "speed-up" ? target.than : target.over;
  const theirs = minima.get(other);
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
    case "excess": {
      const text = `${participant} ≤ ${formatFigure(target.atMost, unit)} over ${other}`;
      const figure = its - theirs;
      return { text, figure, unit, isMet: figure <= target.atMost };
    }
  }
}

function figuresOf({ rounds }: Measurement): readonly number[] {
  return rounds.map(({ figure }) => figure);
}

function minimum(values: readonly number[]): number {
  return Math.min(...values);
}

function median(values: readonly number[]): number {
  const inOrder = [...values].sort((a, b) => a - b);
  const middle = inOrder.length / 2;
  const [low, high] = [inOrder[Math.ceil(middle) - 1], inOrder[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
