import type { Task } from "./cell.js";
import type { SubjectQuestions } from "./subject-task.js";

/** Questions whose answers are promised. */
export type PromisedQuestions<Subject, Raw> = Omit<
  SubjectQuestions<Subject, Raw>,
  "ask" | "sampleSize"
> & {
  readonly sampleSize: number;
  ask(subject: Subject): Promise<Raw>;
};

/** A task that asks for one subject per operation and waits for the answer, as an application would. */
export async function awaitingTask<Subject, Raw>({
  topic,
  subjects,
  ask,
  digest,
  sampleSize,
  answerOf = (raw: Raw): unknown => raw,
}: PromisedQuestions<Subject, Raw>): Promise<Task> {
  let next = sampleSize < subjects.length ? sampleSize : 0;
  const answers: unknown[] = [];
  for (const subject of subjects.slice(0, sampleSize)) {
    answers.push(answerOf(await ask(subject), subject));
  }
  return {
    answers: { [topic]: answers },
    async run(operations) {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        sum += digest(await ask(subjects[next] as Subject)); // next < length
        next = next + 1 < subjects.length ? next + 1 : 0;
      }
      return sum;
    },
  };
}
