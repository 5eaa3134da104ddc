import type { Task } from "./cell.js";

/** Questions about subjects, in order, starting over after the last one. */
export interface SubjectQuestions<Subject, Raw, Asked = Raw> {
  readonly topic: string;
  readonly subjects: readonly Subject[];
  ask(subject: Subject): Asked;
  /** A number that depends on the answer. */
  digest(raw: Raw): number;
  /** How many subjects are asked for before the clock starts; default: {@link SAMPLE_SIZE}. */
  readonly sampleSize?: number | undefined;
  /** The answer to compare, if it differs from the result that is timed. */
  answerOf?(raw: Raw, subject: Subject): unknown;
}

export interface SubjectTask extends Task {
  run(operations: number): number;
}

/** How many answers are compared between participants before the clock starts. */
const SAMPLE_SIZE = 2_000;

export function subjectTask<Subject, Raw>({
  topic,
  subjects,
  ask,
  digest,
  sampleSize = SAMPLE_SIZE,
  answerOf = (raw: Raw): unknown => raw,
}: SubjectQuestions<Subject, Raw>): SubjectTask {
  // After the sample, so that the first subjects of a round are as new as the others.
  let next = sampleSize < subjects.length ? sampleSize : 0;
  return {
    answers: {
      [topic]: subjects.slice(0, sampleSize).map((subject) => answerOf(ask(subject), subject)),
    },
    run(operations) {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        sum += digest(ask(subjects[next] as Subject)); // next < length
        next = next + 1 < subjects.length ? next + 1 : 0;
      }
      return sum;
    },
  };
}

/** A task that asks for one subject per operation and waits for the answer, as an application would. */
export async function awaitingTask<Subject, Raw>({
  topic,
  subjects,
  ask,
  digest,
  sampleSize = SAMPLE_SIZE,
  answerOf = (raw: Raw): unknown => raw,
}: SubjectQuestions<Subject, Raw, Promise<Raw>>): Promise<Task> {
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
