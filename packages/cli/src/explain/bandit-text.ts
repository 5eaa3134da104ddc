import type { ExplainedBandit } from "./case.js";

/** What a bandit weighed, one line for each action, the chosen one marked. */
export function banditLines(
  { actions, error, key }: ExplainedBandit,
  chosen: unknown,
): readonly string[] {
  const name = `bandit ${JSON.stringify(key)}`;
  if (error !== null) return [`${name} cannot choose: ${error}`];
  if (actions.length === 0) return [`${name} has no actions to choose from`];
  const width = Math.max(...actions.map(({ action }) => JSON.stringify(action).length));
  return [
    `${name} draws from`,
    ...actions.map(({ action, score, weight }) => {
      const mark = action === chosen ? "→" : " ";
      const label = JSON.stringify(action).padEnd(width);
      return `${mark} ${label}  score ${score.toFixed(4)}  weight ${weight.toFixed(4)}`;
    }),
  ];
}
