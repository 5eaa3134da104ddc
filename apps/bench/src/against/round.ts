import type { Cell, Effort, Participant } from "../cells/cell.js";
import { findContradiction } from "../check.js";
import type { Contestant, Launch, Ready } from "../run-cell.js";
import type { CoreWatch } from "./core-watch.js";
import type { Build } from "./verdict.js";

/** Turns of a round: so many, but none begins once so much time has passed. */
const MOST_TURNS = 20;
const ROUND_MS = 1_000;

/** A participant of a cell in several builds. The first build has the first turn. */
export interface Entrants {
  readonly cell: Cell;
  readonly participant: Participant;
  readonly effort: Effort;
  readonly launches: ReadonlyMap<Build, Launch>;
  /** `null`: a lost core changes nothing. */
  readonly coreWatch: CoreWatch | null;
}

/** Why builds cannot be compared, although nothing of ours is wrong. */
export class NotComparable extends Error {}

/**
 * Starts a process of each build, lets them take turns, and ends them. What a process happens to get, such as where its
 * memory lies, it keeps for its life: so each round has new ones.
 *
 * @returns what each build needed for one operation in its fastest turn.
 * @throws NotComparable if one cannot run here, or if they answer differently.
 */
export async function measureRound({
  cell,
  participant,
  effort,
  launches,
  coreWatch,
}: Entrants): Promise<ReadonlyMap<Build, number>> {
  const started = await Promise.allSettled(
    [...launches].map(async ([build, launch]) => [build, await launch(cell, participant)] as const),
  );
  const contestants = started.flatMap((it) => (it.status === "fulfilled" ? [it.value] : []));
  try {
    const failed = started.find((it) => it.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const ready = new Map(contestants.map(([build, it]) => [build, readyOf(it)]));
    const answers = new Map([...ready].map(([build, it]) => [build, it.answers]));
    const contradiction = cell.answersMayDiffer ? null : findContradiction(answers);
    if (contradiction !== null) throw new NotComparable(contradiction);
    for (const { warmUp } of ready.values()) await warmUp(effort);
    return await takeTurns(ready, effort, coreWatch);
  } finally {
    for (const [, it] of contestants) if (it.kind === "ready") it.end();
  }
}

function readyOf(contestant: Contestant): Ready {
  if (contestant.kind === "absent") throw new NotComparable(contestant.reason);
  return contestant;
}

/** The order of the turns stays: before its turn each build has another one, whose data fill the caches. */
async function takeTurns(
  ready: ReadonlyMap<Build, Ready>,
  effort: Effort,
  coreWatch: CoreWatch | null,
): Promise<ReadonlyMap<Build, number>> {
  const fastest = new Map<Build, number>();
  const endsAtMs = performance.now() + ROUND_MS;
  let turns = 0;
  do {
    turns += 1;
    for (const [build, { round }] of ready) {
      const { figure } = await round(effort);
      fastest.set(build, Math.min(figure, fastest.get(build) ?? figure));
    }
    coreWatch?.look();
  } while (turns < MOST_TURNS && performance.now() < endsAtMs);
  return fastest;
}
