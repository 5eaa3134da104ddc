import type { Participant } from "../cells/cell.js";
import { type SubjectQuestions, subjectTask } from "../cells/subject-task.js";
import { shortSubjectKeys } from "../workload/subjects.js";

/** A lower bound: only the work that each subject needs. */
export type Floor<Raw> = Omit<SubjectQuestions<string, Raw>, "subjects"> &
  Pick<Participant, "name"> & { readonly subjects?: () => readonly string[] };

export function floor<Raw>({
  name,
  subjects = shortSubjectKeys,
  ...questions
}: Floor<Raw>): Participant {
  return { name, prepare: async () => subjectTask({ ...questions, subjects: subjects() }) };
}
