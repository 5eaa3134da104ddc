import type { Mode, Target } from "./cells/cell.js";
import type { CellOutcome, Measurement } from "./run-cell.js";

/** Where and how a run took place. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  /** Processes that wanted a core in the last minute before the run. */
  readonly loadAverage: number;
}

/** A whole run, as it is written to a file. Times are ns per operation. */
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
      /** What the figures called ns are, if they are no time. */
      readonly unit: "time" | "bytes";
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

export interface ParticipantReport {
  readonly name: string;
  readonly minNs: number;
  readonly medianNs: number;
  /** Minimum over the minimum of the first participant. */
  readonly ratio: number;
  readonly operationsPerRound: number;
  readonly roundsNs: readonly number[];
  readonly checksum: number;
}

export interface TargetReport {
  readonly text: string;
  /** In the unit of the text. */
  readonly figure: number;
  readonly isMet: boolean;
}

/** What is to be said about a cell. */
export function reportOf(outcome: CellOutcome): CellReport {
  const { id, title, targets } = outcome.cell;
  if (outcome.kind === "aborted") return { id, title, state: "aborted", reason: outcome.reason };
  const { measurements, absences, answersCompared } = outcome;
  const minima = new Map(measurements.map((it) => [it.participant, minimum(nsOf(it))]));
  const [referenceNs] = minima.values();
  return {
    id,
    title,
    state: "measured",
    unit: outcome.cell.unit ?? "time",
    answersCompared,
    participants: measurements.map((it) => participantReport(it, referenceNs ?? Number.NaN)),
    absences,
    targets: targets.flatMap((target) => targetReport(target, minima) ?? []),
  };
}

function participantReport(measurement: Measurement, referenceNs: number): ParticipantReport {
  const roundsNs = nsOf(measurement);
  return {
    name: measurement.participant,
    minNs: minimum(roundsNs),
    medianNs: median(roundsNs),
    ratio: minimum(roundsNs) / referenceNs,
    operationsPerRound: measurement.rounds[0]?.operations ?? 0,
    roundsNs,
    checksum: measurement.rounds.reduce((sum, { checksum }) => sum + checksum, 0),
  };
}

/** `null` if somebody it is about did not take part. */
function targetReport(target: Target, minima: ReadonlyMap<string, number>): TargetReport | null {
  const { participant } = target;
  if (target.kind === "limit") return limitReport(target, minima);
  const other = target.kind === "speed-up" ? target.than : target.over;
  const [its, theirs] = [minima.get(participant), minima.get(other)];
  if (its === undefined || theirs === undefined) return null;
  switch (target.kind) {
    case "speed-up": {
      const text = `${participant} ≥ ${target.atLeast} × as fast as ${other}`;
      return { text, figure: theirs / its, isMet: theirs / its >= target.atLeast };
    }
    case "ratio": {
      const text = `${participant} ≤ ${target.atMost} × (${other})`;
      return { text, figure: its / theirs, isMet: its / theirs <= target.atMost };
    }
    case "excess": {
      const excessMs = (its - theirs) / 1e6;
      const text = `${participant} ≤ ${target.atMostMs} ms over ${other}`;
      return { text, figure: excessMs, isMet: excessMs <= target.atMostMs };
    }
  }
}

function limitReport(
  { participant, atMostMs }: Extract<Target, { kind: "limit" }>,
  minima: ReadonlyMap<string, number>,
): TargetReport | null {
  const its = minima.get(participant);
  if (its === undefined) return null;
  const figure = its / 1e6;
  return { text: `${participant} ≤ ${atMostMs} ms`, figure, isMet: figure <= atMostMs };
}

function nsOf({ rounds }: Measurement): readonly number[] {
  return rounds.map(({ elapsedNs, operations }) => elapsedNs / operations);
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
