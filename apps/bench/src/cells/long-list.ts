import type { Luck } from "../workload/accounts.js";
import type { Cell, Target } from "./cell.js";

/** What all cells of a long list share. */
export const LONG_LIST: Pick<Cell, "unit" | "effort" | "collectsGarbage"> = {
  unit: "ns",
  effort: {
    // Long rounds: the other participants have evicted the list from the processor's caches.
    full: { rounds: 15, operations: 100_000, warmUpOperations: 100_000 },
    quick: { rounds: 4, operations: 100_000, warmUpOperations: 50_000 },
  },
  collectsGarbage: false,
};

interface Named {
  readonly name: string;
}

/** Name of the participant whose subjects are all on the list, or are not. */
export function withLuck({ name }: Named, luck: Luck): string {
  return `${name}, ${luck}`;
}

/** One is so many times as fast as another for subjects of the same luck. */
export function fasterThan(other: Named, peer: Named, luck: Luck, atLeast: number): Target {
  const [participant, than] = [withLuck(peer, luck), withLuck(other, luck)];
  return { kind: "speed-up", participant, than, atLeast };
}

/** Neither luck takes much longer than the other. */
export function evenLuck(peer: Named): readonly Target[] {
  return (["hit", "miss"] as const).map((luck) => ({
    kind: "ratio",
    participant: withLuck(peer, luck),
    over: withLuck(peer, luck === "hit" ? "miss" : "hit"),
    atMost: 1.5,
  }));
}
