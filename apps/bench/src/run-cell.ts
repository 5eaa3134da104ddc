import type { Answers, Cell, Effort, Mode, Participant } from "./cells/cell.js";
import { findContradiction, mergeAnswers } from "./check.js";
import type { Round } from "./process/protocol.js";

/** A participant in its process. It does nothing by itself. */
export type Contestant =
  | {
      readonly kind: "ready";
      readonly answers: Answers;
      warmUp(effort: Effort): Promise<void>;
      round(effort: Effort): Promise<Round>;
      end(): void;
    }
  | { readonly kind: "absent"; readonly reason: string };

/** Starts the process of a participant and waits until it is ready. */
export type Launch = (cell: Cell, participant: Participant) => Promise<Contestant>;

/** What was measured of one participant. */
export interface Measurement {
  readonly participant: string;
  readonly rounds: readonly Round[];
}

/** What came of a cell. */
export type CellOutcome =
  | {
      readonly kind: "measured";
      readonly cell: Cell;
      readonly measurements: readonly Measurement[];
      /** Participants that could not take part, and why. */
      readonly absences: readonly { readonly participant: string; readonly reason: string }[];
      /** How many answers were compared before the clock started. */
      readonly answersCompared: number;
    }
  /** Nothing was timed to the end: an answer was wrong, or a process failed. */
  | { readonly kind: "aborted"; readonly cell: Cell; readonly reason: string };

/**
 * Measures a cell: starts everybody, compares their answers, warms them up, then lets them take
 * turns (A B C, A B C, …), so that a disturbance of the machine meets them all. Never rejects.
 */
export async function runCell(cell: Cell, mode: Mode, launch: Launch): Promise<CellOutcome> {
  const effort = cell.effort[mode];
  const ready = new Map<string, Extract<Contestant, { kind: "ready" }>>();
  const absences: { participant: string; reason: string }[] = [];
  let busy = "";
  try {
    for (const participant of cell.participants) {
      busy = participant.name;
      const contestant = await launch(cell, participant);
      if (contestant.kind === "ready") ready.set(participant.name, contestant);
      else absences.push({ participant: participant.name, reason: contestant.reason });
    }
    const answers = new Map([...ready].map(([name, contestant]) => [name, contestant.answers]));
    const fault = findContradiction(answers) ?? cell.findFault(mergeAnswers(answers));
    if (fault !== null) return { kind: "aborted", cell, reason: fault };

    const rounds = new Map<string, Round[]>();
    for (const [name, contestant] of ready) {
      busy = name;
      await contestant.warmUp(effort);
      rounds.set(name, []);
    }
    for (let i = 0; i < effort.rounds; i++) {
      for (const [name, contestant] of ready) {
        busy = name;
        rounds.get(name)?.push(await contestant.round(effort));
      }
    }
    return {
      kind: "measured",
      cell,
      measurements: [...rounds].map(([participant, rounds]) => ({ participant, rounds })),
      absences,
      answersCompared: Object.values(mergeAnswers(answers)).flat().length,
    };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { kind: "aborted", cell, reason: `${busy}: ${message}` };
  } finally {
    for (const contestant of ready.values()) contestant.end();
  }
}
