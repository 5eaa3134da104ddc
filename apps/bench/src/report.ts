import type { Cell, Mode } from "./cells/cell.js";
import type { Statistics, TargetReport } from "./cells/target.js";
import type { Machine } from "./machine.js";
import { median, percentile } from "./order-statistics.js";
import type { Round } from "./process/protocol.js";

/** A run, in the format of its file. */
export interface Report {
  readonly startedAt: string;
  readonly mode: Mode;
  readonly machine: Machine;
  readonly cells: readonly CellReport[];
}

export type CellReport =
  | MeasuredCell
  /** A result was wrong, or a process failed. */
  | (Pick<Cell, "id" | "title"> & { readonly state: "aborted"; readonly reason: string });

export interface MeasuredCell extends Pick<Cell, "id" | "title" | "unit"> {
  readonly state: "measured";
  /** Number of results that were compared before the clock started. */
  readonly answersCompared: number;
  readonly participants: readonly ParticipantReport[];
  readonly targets: readonly TargetReport[];
}

/** Figures of one operation, in the unit of the cell. */
export interface ParticipantReport extends Statistics {
  readonly name: string;
  /** Minimum over the minimum of the first participant; `null` if that is 0. */
  readonly ratio: number | null;
  readonly operationsPerRound: number;
  readonly rounds: readonly number[];
  readonly checksum: number;
}

/**
 * Reports the measurements of a cell.
 *
 * @param rounds - rounds of each participant, and of its other figures, by name.
 */
export function reportOf(
  { id, targets, title, unit }: Cell,
  rounds: ReadonlyMap<string, readonly Round[]>,
  answersCompared: number,
): MeasuredCell {
  const participants: ParticipantReport[] = [];
  for (const [name, its] of rounds) {
    participants.push(participantReport(name, its, participants[0]?.min));
  }
  const named = (name: string) => participants.find((it) => it.name === name);
  return {
    ...{ id, title, state: "measured", unit, answersCompared, participants },
    targets: targets.flatMap(({ participants: [participant, other = participant], report }) => {
      const [its, others] = [named(participant), named(other)];
      return its === undefined || others === undefined ? [] : report(unit, its, others);
    }),
  };
}

function participantReport(
  name: string,
  rounds: readonly Round[],
  reference?: number,
): ParticipantReport {
  const figures = rounds.map(({ figure }) => figure);
  const min = Math.min(...figures);
  const over = reference ?? min;
  return {
    name,
    min,
    median: median(figures),
    p99: percentile(figures, 0.99),
    max: Math.max(...figures),
    ratio: over === 0 ? null : min / over,
    operationsPerRound: rounds[0]?.operations ?? 0,
    rounds: figures,
    checksum: rounds.reduce((sum, { checksum }) => sum + checksum, 0),
  };
}
