import { isDeepStrictEqual } from "node:util";
import type { Answers } from "./cells/cell.js";

/**
 * Describes the first difference between the results of two participants, or returns `null`. Topics of only one participant
 * are not compared.
 */
export function findContradiction(
  answersByParticipant: ReadonlyMap<string, Answers>,
): string | null {
  const firstByTopic = new Map<string, { name: string; answers: readonly unknown[] }>();
  for (const [name, byTopic] of answersByParticipant) {
    for (const [topic, answers] of Object.entries(byTopic)) {
      const first = firstByTopic.get(topic);
      if (first === undefined) {
        firstByTopic.set(topic, { name, answers });
        continue;
      }
      const length = Math.max(first.answers.length, answers.length);
      for (let i = 0; i < length; i++) {
        const [theirs, its] = [first.answers[i], answers[i]];
        if (isDeepStrictEqual(theirs, its)) continue;
        return `${topic}[${i}]: ${first.name} answers ${JSON.stringify(theirs)}, ${name} ${JSON.stringify(its)}`;
      }
    }
  }
  return null;
}

/** Merges the results of all participants, which must agree. */
export function mergeAnswers(answersByParticipant: ReadonlyMap<string, Answers>): Answers {
  return Object.assign({}, ...answersByParticipant.values());
}
