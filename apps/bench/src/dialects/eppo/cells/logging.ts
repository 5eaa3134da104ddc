import type { Answers } from "../../../cells/cell.js";
import { type SubjectTask, subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import type { Memory, Peer } from "../peers/peer.js";
import { findFaultOfHalves, HALVES_FLAG, halvesBytes } from "../workload/halves.js";
import { NO_ATTRIBUTES } from "./assigning-halves.js";

/** All of them fit into the assignment caches, and are there before the clock starts. */
const SUBJECT_COUNT = 10_000;

/** Subjects that are evaluated repeatedly. */
export function returningSubjects(): readonly string[] {
  return shortSubjectKeys(SUBJECT_COUNT);
}

/** A participant's name, with its cache if that is not the default. */
export function loggingName(peer: Peer, memory: Memory): string {
  return memory === "default" ? peer.name : `${peer.name}, ${memory}`;
}

/**
 * W1 with a logger, for subjects whose assignment was logged before. Its answers contain the number of
 * events after two evaluations per subject; later there may be no more.
 */
export async function prepareLogging(peer: Peer, memory: Memory): Promise<SubjectTask> {
  let events = 0;
  const client = await peer.createLoggingClient(halvesBytes(), memory, () => {
    events += 1;
  });
  const subjects = returningSubjects();
  const ask = (subject: string): boolean =>
    client.getBooleanAssignment(HALVES_FLAG, subject, NO_ATTRIBUTES, false);
  for (let i = 0; i < 2; i++) for (const subject of subjects) ask(subject);
  const { answers, run } = subjectTask({
    topic: "halves",
    subjects,
    ask,
    digest: (isOn) => (isOn ? 1 : 0),
  });
  const logged = events;
  return {
    answers: { ...answers, events: [logged] },
    run(operations) {
      const checksum = run(operations);
      if (events > logged) throw new Error(`${events - logged} assignments were logged again`);
      return checksum;
    },
  };
}

/** Returns what is wrong with these answers, or `null`. */
export function findFaultOfLogging({ halves = [], events = [] }: Answers): string | null {
  return events[0] === SUBJECT_COUNT
    ? findFaultOfHalves(halves)
    : `${events[0]} events were logged of ${SUBJECT_COUNT} subjects who came twice`;
}
