import type { Unit } from "../unit.js";

/**
 * What a participant answers to the questions of a sample, by topic. Participants that answer the
 * same topic must give the same answers.
 */
export type Answers = Readonly<Record<string, readonly unknown[]>>;

/** What a round comes to where that is not how long it took: its longest stall, say, or bytes. */
export interface Reading {
  /** Taken for one operation, in the unit of the cell. */
  readonly figure: number;
  /** See {@link Task.run}. */
  readonly checksum: number;
}

/** A participant's work in a cell, ready to be timed. */
export interface Task {
  readonly answers: Answers;
  /** Does so many operations. The result depends on each of them, so that none can be optimised away. */
  run(operations: number): number | Reading | Promise<number | Reading>;
}

/** Somebody or something that is measured in a cell, in a process of its own. */
export interface Participant {
  readonly name: string;
  /** Of the operations of the cell those that it does: less than 1 for one so slow that fewer tell as much. */
  readonly share?: number;
  /** Why it cannot take part here, `null` if it can. It can unless it says otherwise. */
  absence?(): string | null;
  /** Makes the workload and whatever serves it; runs in the participant's process. */
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

/** What a figure should be, minimum against minimum. */
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
  /** `participant` comes to at most so much, in the unit of the cell. */
  | { readonly kind: "limit"; readonly participant: string; readonly atMost: number }
  /** `participant` comes to at most so much more than `over`, in the unit of the cell. */
  | {
      readonly kind: "excess";
      readonly participant: string;
      readonly over: string;
      readonly atMost: number;
    };

/** One workload, and everything that is measured doing it. */
export interface Cell {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  /** The first one is what the others are compared with. */
  readonly participants: readonly Participant[];
  readonly effort: Readonly<Record<Mode, Effort>>;
  /** Whether garbage is collected before each round, outside the timing. */
  readonly collectsGarbage: boolean;
  readonly targets: readonly Target[];
  /** What is wrong with answers that all agree on (a workload that tests nothing), `null` if nothing is. */
  findFault(answers: Answers): string | null;
}

/**
 * For cells whose operation takes between a tenth of a microsecond and some ten of them. The first
 * two rounds end before anybody has met 50,000 subjects, so that minima are those of caches of
 * assignments that still have room: the vendor's becomes several times as slow when it is full.
 */
export const EVALUATION_EFFORT: Cell["effort"] = {
  full: { rounds: 30, operations: 10_000, warmUpOperations: 20_000 },
  quick: { rounds: 5, operations: 10_000, warmUpOperations: 20_000 },
};
