import type { Task } from "./cell.js";

/** Questions about subjects, one after the other and round and round. */
export interface SubjectQuestions<Subject, Raw> {
  readonly topic: string;
  readonly subjects: readonly Subject[];
  ask(subject: Subject): Raw;
  /** A number that cannot be known without the answer. */
  digest(raw: Raw): number;
  /** How many subjects are asked for before the clock starts; {@link SAMPLE_SIZE} unless told. */
  readonly sampleSize?: number;
  /** The answer as it is compared, if that is not what was timed. */
  answerOf?(raw: Raw, subject: Subject): unknown;
}

/** A task that is done when `run` returns. */
export interface SubjectTask extends Task {
  run(operations: number): number;
}

/** How many answers are compared between participants before the clock starts. */
const SAMPLE_SIZE = 2_000;

/** A task that asks for one subject per operation. */
export function subjectTask<Subject, Raw>({
  topic,
  subjects,
  ask,
  digest,
  sampleSize = SAMPLE_SIZE,
  answerOf = (raw: Raw): unknown => raw,
}: SubjectQuestions<Subject, Raw>): SubjectTask {
  // Where the sample ends: the first subjects of a round are as new as the others.
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
