/**
 * Returns the index of the highest score, and among equal scores that of the smaller name. A leading NaN stays first.
 * Quirk: a `null` score, which malformed models produce, loses to every later score (eppo).
 */
export function topOf(scores: readonly number[], names: readonly string[]): number {
  let top = 0;
  for (let i = 1; i < scores.length; i++) {
    const score = scores[i] as number; // i < length
    const topScore = scores[top] as number | null;
    const isHigher = topScore === null || score > topScore;
    if (isHigher || (score === topScore && (names[i] as string) < (names[top] as string))) top = i;
  }
  return top;
}

/**
 * Returns the probabilities of actions by inverse gap weighting. The further an action's score is below the best one,
 * the smaller its probability, but each action gets at least its share of the floor. The best action gets the rest,
 * which is 0 if the floor leaves nothing.
 *
 * @param scores - of all actions (at least one), in the caller's order of keys, because sums depend on the order.
 * @param gamma - a larger value means less exploration.
 * @param floor - minimum probability, divided among all actions.
 */
export function weigh(
  scores: readonly number[],
  names: readonly string[],
  gamma: number,
  floor: number,
): readonly number[] {
  const count = scores.length;
  const weights = new Array<number>(count);
  const top = topOf(scores, names);
  const topScore = scores[top] as number;
  const least = floor / count;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (i === top) continue;
    const weight = Math.max(1 / (count + gamma * (topScore - (scores[i] as number))), least);
    sum += weight;
    weights[i] = weight;
  }
  weights[top] = Math.max(1 - sum, 0);
  return weights;
}
