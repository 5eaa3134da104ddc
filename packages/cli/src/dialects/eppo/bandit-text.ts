import type { WeighedAction } from "@sortition/core/dialect";

/** A bandit and its weighted actions. */
export interface ExplainedBandit {
  readonly key: string;
  readonly actions: readonly WeighedAction[];
  /** Why it could not choose; `null` if it could. */
  readonly error: string | null;
}

/** Returns a bandit's actions with their scores and weights, one per line. An arrow marks the chosen action. */
export function banditLines(
  { actions, error, key }: ExplainedBandit,
  chosen: unknown,
): readonly string[] {
  const name = `bandit ${JSON.stringify(key)}`;
  if (error !== null) return [`${name} cannot choose: ${error}`];
  if (actions.length === 0) return [`${name} has no actions to choose from`];
  const width = Math.max(...actions.map(({ action }) => JSON.stringify(action).length));
  return [
    `${name} draws one of these actions`,
    ...actions.map(({ action, score, weight }) => {
      const mark = action === chosen ? "→" : " ";
      const label = JSON.stringify(action).padEnd(width);
      return `${mark} ${label}  score ${score.toFixed(4)}  weight ${weight.toFixed(4)}`;
    }),
  ];
}
