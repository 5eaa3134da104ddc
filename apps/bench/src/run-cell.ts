import { availableParallelism } from "node:os";
import { messageOf } from "@sortition/core/dialect-internal";
import type { Cell, Effort, Mode, Participant } from "./cells/cell.js";
import { findContradiction, mergeAnswers } from "./check.js";
import type { Reply, Round } from "./process/protocol.js";
import { type CellReport, reportOf } from "./report.js";

/** A participant in its process, which waits for its turn. */
export interface Contestant extends Extract<Reply, { kind: "ready" }> {
  readonly warmUp: (effort: Effort) => Promise<void>;
  readonly round: (effort: Effort) => Promise<Round>;
  readonly end: () => void;
}

/** Starts the process of a participant and waits until it is ready. */
export type Launch = (cell: Cell, participant: Participant) => Promise<Contestant>;

/** Number of participants that prepare concurrently. Preparation is not measured. */
const STARTS_AT_ONCE = availableParallelism();

/**
 * Measures a cell. Starts all participants, compares their results, warms them up, and lets them take turns (A B C, A B C, …),
 * so that disturbances of the machine affect all of them. Never rejects.
 */
export async function runCell(cell: Cell, mode: Mode, launch: Launch): Promise<CellReport> {
  const { id, title } = cell;
  const started = new Map<string, Contestant>();
  try {
    await startAll(cell, launch, started);
    const ready = cell.participants.map(({ name, share = 1 }) => {
      const effort = shareOf(cell.effort[mode], share);
      return { ...started.get(name)!, name, effort, rounds: [] as Round[] }; // all were started
    });
    const answers = new Map(ready.map(({ name, answers }) => [name, answers]));
    const fault = findContradiction(answers) ?? cell.findFault(mergeAnswers(answers));
    if (fault !== null) return { id, title, state: "aborted", reason: fault };

    for (const { name, effort, warmUp } of ready) await naming(name, warmUp(effort));
    for (let i = 0; i < cell.effort[mode].rounds; i++) {
      for (const { name, effort, round, rounds } of ready) {
        rounds.push(await naming(name, round(effort)));
      }
    }
    const rows = ready.flatMap(
      ({ name, rounds }) => [[name, rounds], ...otherFigures(rounds)] as const,
    );
    const answersCompared = Object.values(mergeAnswers(answers)).flat().length;
    return reportOf(cell, new Map(rows), answersCompared);
  } catch (cause) {
    return { id, title, state: "aborted", reason: messageOf(cause) };
  } finally {
    for (const { end } of started.values()) end();
  }
}

function otherFigures(rounds: readonly Round[]): readonly (readonly [string, readonly Round[]])[] {
  return Object.keys(rounds[0]?.also ?? {}).map((name) => [
    name,
    rounds.map((round) => ({ ...round, figure: round.also?.[name] ?? Number.NaN })),
  ]);
}

/** Returns the effort of a participant that performs a share of the operations. */
export function shareOf({ rounds, operations, warmUpOperations }: Effort, share: number): Effort {
  return {
    rounds,
    operations: Math.ceil(operations * share),
    warmUpOperations: Math.ceil(warmUpOperations * share),
  };
}

/** Starts all participants, some at a time. If one fails, waits for the others that were started. */
async function startAll(
  cell: Cell,
  launch: Launch,
  started: Map<string, Contestant>,
): Promise<void> {
  const waiting = [...cell.participants];
  const startNext = async (): Promise<void> => {
    const participant = waiting.shift();
    if (participant === undefined) return;
    try {
      started.set(participant.name, await naming(participant.name, launch(cell, participant)));
    } catch (cause) {
      waiting.length = 0;
      throw cause;
    }
    await startNext();
  };
  const lanes = await Promise.allSettled(Array.from({ length: STARTS_AT_ONCE }, startNext));
  const failed = lanes.find((lane) => lane.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function naming<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new Error(`${name}: ${messageOf(cause)}`, { cause });
  }
}
