import type { Cell, Mode, Participant } from "../cells/cell.js";
import { sideOf } from "../cells/side.js";
import { type Contestant, type Launch, messageOf, shareOf } from "../run-cell.js";
import type { CoreWatch } from "./core-watch.js";
import { measureRound, NotComparable } from "./round.js";
import { BUILDS, type Build, judge, type Measured, type Verdict } from "./verdict.js";

/** How many rounds are measured, unless the figure never changes. */
const ROUNDS = 15;

export interface Manner {
  readonly mode: Mode;
  readonly limit: number;
  readonly launches: { readonly ours: Launch; readonly theirs: Launch };
  readonly createCoreWatch: () => CoreWatch;
  /** Packages that the other checkout lacks. */
  readonly lent: readonly string[];
}

/** The verdict on a participant with its rounds, or why there is none. */
export type Comparison = { readonly participant: string } & (
  | (Verdict & Pick<Measured, "rounds">)
  | { readonly kind: "not compared"; readonly reason: string }
  /** Our build failed. */
  | { readonly kind: "aborted"; readonly reason: string }
);

/** Why a cell cannot be compared; `null`: it can. */
export function obstacleOf({ hasTail = false, participants }: Cell): string | null {
  if (hasTail) return "its rounds are single events, of which the worst count";
  return participants.some(isOurs) ? null : "no package of this repository takes part";
}

/** Compares our participants of a cell, one after the other, in our build and in the other one. Never rejects. */
export async function compareCell(cell: Cell, manner: Manner): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const participant of cell.participants.filter(isOurs)) {
    const { name } = participant;
    if (manner.lent.some((lacking) => `${name}/`.startsWith(`${lacking}/`))) {
      const reason = "the other checkout has no such package";
      comparisons.push({ participant: name, kind: "not compared", reason });
      continue;
    }
    try {
      const outcome = await compareParticipant(cell, participant, manner);
      comparisons.push({ participant: name, ...outcome });
    } catch (cause) {
      const kind = cause instanceof NotComparable ? "not compared" : "aborted";
      comparisons.push({ participant: name, kind, reason: messageOf(cause) });
    }
  }
  return comparisons;
}

function isOurs({ name }: Participant): boolean {
  return sideOf(name) === "ours";
}

/**
 * A ratio above the limit is measured for as many rounds again, and all of them are judged: of many comparisons, one
 * may be above it by chance.
 */
async function compareParticipant(
  cell: Cell,
  participant: Participant,
  { mode, limit, launches: { ours, theirs }, createCoreWatch }: Manner,
): Promise<Verdict & Pick<Measured, "rounds">> {
  const launchOf = { ours, control: ours, theirs: excused(theirs) };
  const effort = shareOf(cell.effort[mode], participant.share ?? 1);
  const rounds: Record<Build, number[]> = { ours: [], control: [], theirs: [] };
  // Bytes are the same on a busy machine.
  const coreWatch = cell.unit === "ns" ? createCoreWatch() : null;
  const measure = async (): Promise<Verdict> => {
    for (let i = 0; i < roundsOf(cell, mode); i++) {
      // Each build is the first of a third of the rounds.
      const order = BUILDS.map((_, k) => BUILDS[(i + k) % BUILDS.length] as Build);
      const launches = new Map(order.map((build) => [build, launchOf[build]]));
      const figures = await measureRound({ cell, participant, effort, launches, coreWatch });
      for (const [build, figure] of figures) rounds[build].push(figure);
    }
    return judge({ rounds, lostShare: coreWatch?.lostShare() ?? 0 }, limit);
  };
  const first = await measure();
  const verdict = first.kind === "above" ? await measure() : first;
  return { ...verdict, rounds };
}

/** A quick run has the cell's few rounds. So has a cell whose figure never changes: it needs one. */
function roundsOf({ effort }: Cell, mode: Mode): number {
  const { rounds } = effort[mode];
  return mode === "quick" || rounds === 1 ? rounds : ROUNDS;
}

/** A build whose failures are no fault of ours: it may lack what the cell uses. */
function excused(launch: Launch): Launch {
  return async (cell, participant): Promise<Contestant> => {
    const contestant = await excusing(launch(cell, participant));
    if (contestant.kind === "absent") return contestant;
    const { warmUp, round } = contestant;
    return {
      ...contestant,
      warmUp: (effort) => excusing(warmUp(effort)),
      round: (effort) => excusing(round(effort)),
    };
  };
}

async function excusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const [firstLine] = messageOf(cause).split("\n");
    throw new NotComparable(`the other build fails: ${firstLine}`, { cause });
  }
}
