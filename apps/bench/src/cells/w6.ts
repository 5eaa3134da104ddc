import { eppo } from "../peers/eppo.js";
import type { FlagClient, Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { findFaultOfHalves, HALVES_FLAG, halvesBytes } from "../workload/halves.js";
import { shortSubjectKeys } from "../workload/subjects.js";
import { type Cell, EVALUATION_EFFORT, type Participant } from "./cell.js";
import { subjectTask } from "./subject-task.js";

/** All of them fit into the caches of assignments, and are in them before the clock starts. */
const SUBJECT_COUNT = 10_000;
const WITHOUT_LOGGER = "sortition without a logger";
const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

/** W1 with a logger, for subjects that come again: each evaluation finds that it was logged before. */
export const w6: Cell = {
  id: "W6",
  title: "W1 with a logger and deduplication, repeating subjects",
  participants: [logging(sortition), logging(eppo), withoutLogger()],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 15 },
    { kind: "ratio", participant: sortition.name, over: WITHOUT_LOGGER, atMost: 2 },
  ],
  findFault: ({ assignments = [], events = [] }) =>
    events[0] === SUBJECT_COUNT
      ? findFaultOfHalves(assignments)
      : `${events[0]} events were logged of ${SUBJECT_COUNT} subjects who came twice`,
};

function logging(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      let events = 0;
      const client = await peer.createLoggingClient(halvesBytes(), () => {
        events += 1;
      });
      const subjects = shortSubjectKeys(SUBJECT_COUNT);
      for (let i = 0; i < 2; i++) for (const subject of subjects) ask(client, subject);
      const { answers, run } = assigning(client, subjects);
      return { answers: { ...answers, events: [events] }, run };
    },
  };
}

function withoutLogger(): Participant {
  return {
    name: WITHOUT_LOGGER,
    prepare: async () =>
      assigning(await sortition.createClient(halvesBytes()), shortSubjectKeys(SUBJECT_COUNT)),
  };
}

function assigning(client: FlagClient, subjects: readonly string[]) {
  return subjectTask({
    topic: "assignments",
    subjects,
    ask: (subject) => ask(client, subject),
    digest: (isOn) => (isOn ? 1 : 0),
  });
}

function ask(client: FlagClient, subject: string): boolean {
  return client.getBooleanAssignment(HALVES_FLAG, subject, NO_ATTRIBUTES, false);
}
