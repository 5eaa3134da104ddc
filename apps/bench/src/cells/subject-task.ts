import type { Task } from "./cell.js";

/** Evaluations of subjects in order. After the last subject, the first one follows again. */
export interface SubjectQuestions<Subject, Raw, Asked = Raw> {
  readonly topic: string;
  readonly subjects: readonly Subject[];
  ask(subject: Subject): Asked;
  /** Returns a number that depends on the result. */
  digest(raw: Raw): number;
  /** Number of subjects that are evaluated before the clock starts; default: {@link SAMPLE_SIZE}. */
  readonly sampleSize?: number | undefined;
  /** Returns the result to compare, if it differs from the timed one. */
  answerOf?(raw: Raw, subject: Subject): unknown;
}

export interface SubjectTask extends Task {
  run(operations: number): number;
}

/** Number of results that are compared between participants before the clock starts. */
const SAMPLE_SIZE = 2_000;

export function subjectTask<Subject, Raw>({
  topic,
  subjects,
  ask,
  digest,
  sampleSize = SAMPLE_SIZE,
  answerOf = (raw: Raw): unknown => raw,
}: SubjectQuestions<Subject, Raw>): SubjectTask {
  // Starts after the sample, so that no subject of the first round has been evaluated before.
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

/** Creates a task that evaluates one subject per operation, and awaits the result like an application. */
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
