import type { Unit } from "../unit.js";

/**
 * Answers of a participant to a sample of questions, by topic. Participants that answer the same
 * topic must give the same answers.
 */
export type Answers = Readonly<Record<string, readonly unknown[]>>;

/** The result of a round that does not measure time per operation but, for example, bytes or the longest stall. */
export interface Reading {
  /** Of one operation, in the unit of the cell. */
  readonly figure: number;
  /** Other figures of the same operations, by the name of their row in the table. */
  readonly also?: Readonly<Record<string, number>>;
  /** See {@link Task.run}. */
  readonly checksum: number;
}

/** A participant's work in a cell, ready to be timed. */
export interface Task {
  readonly answers: Answers;
  /** Performs the operations. The result depends on each of them, so that none can be optimised away. */
  run(operations: number): number | Reading | Promise<number | Reading>;
}

/** An SDK or a floor that is measured in a cell, in a process of its own. */
export interface Participant {
  readonly name: string;
  /** The share of the cell's operations that it performs; less than 1 for a slow participant. */
  readonly share?: number;
  /** Returns why it cannot run here, `null` if it can. Absent: it can. */
  absence?(): string | null;
  /** Creates the workload and what serves it. Runs in the participant's process. */
  prepare(): Promise<Task>;
}

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** Operations of one round. */
  readonly operations: number;
  /** Operations before the first round. */
  readonly warmUpOperations: number;
}

/** How thorough a run is. */
export type Mode = "full" | "quick";

/** Which of a participant's rounds a figure is taken from. */
export type Statistic = "min" | "median" | "p99" | "max";

/** A target for a figure, minimum against minimum unless it names another statistic. */
export type Target =
  /** `participant` is at least so many times as fast as `than`. */
  | {
      readonly kind: "speed-up";
      readonly participant: string;
      readonly than: string;
      readonly atLeast: number;
    }
  /** `participant` takes at most `atMost` times as much as `over`, plus `plus` in the unit of the cell. */
  | {
      readonly kind: "ratio";
      readonly participant: string;
      readonly over: string;
      readonly atMost: number;
      /** Nothing unless given. */
      readonly plus?: number;
    }
  /** `participant` is at most `atMost`, in the unit of the cell. */
  | {
      readonly kind: "limit";
      readonly participant: string;
      readonly atMost: number;
      /** Default: `min`. */
      readonly of?: Statistic;
    }
  /** The median of `participant` is between `atLeast` and `atMost` times that of `over`. */
  | {
      readonly kind: "same";
      readonly participant: string;
      readonly over: string;
      readonly atLeast: number;
      readonly atMost: number;
    }
  /** `participant` is at most `atMost` more than `over`, in the unit of the cell. */
  | {
      readonly kind: "excess";
      readonly participant: string;
      readonly over: string;
      readonly atMost: number;
    };

/** One workload, and its participants. */
export interface Cell {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  /** The others are compared with the first one. */
  readonly participants: readonly Participant[];
  readonly effort: Readonly<Record<Mode, Effort>>;
  /** Whether garbage is collected before each round, outside the timing. */
  readonly collectsGarbage: boolean;
  readonly targets: readonly Target[];
  /** Whether the answers describe the build itself, so that those of two builds may differ. */
  readonly answersMayDiffer?: boolean;
  /** Whether each round is one event whose worst cases count: shows the 99th percentile and the maximum. */
  readonly hasTail?: boolean;
  /** Returns what is wrong with answers on which all agree (e.g. a workload that tests nothing), or `null`. */
  findFault(answers: Answers): string | null;
}

/**
 * For cells whose operation takes between 0.1 and about 10 microseconds. The first two rounds end
 * before 50,000 subjects were evaluated, so that minima are those of assignment caches that are not
 * full: the vendor's is several times as slow when it is.
 */
export const EVALUATION_EFFORT: Cell["effort"] = {
  full: { rounds: 30, operations: 10_000, warmUpOperations: 20_000 },
  quick: { rounds: 5, operations: 10_000, warmUpOperations: 20_000 },
};
