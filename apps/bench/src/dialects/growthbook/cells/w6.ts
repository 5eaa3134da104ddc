import { type Cell, EVALUATION_EFFORT, type Participant } from "../../../cells/cell.js";
import { GARBAGE_EFFORT, garbageOf } from "../../../cells/garbage.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { HALVES, halvesBytes } from "../features.js";
import { facade, type Peer, sortition, vendor } from "../peer.js";

const SUBJECTS = 2_000;
const NO_ATTRIBUTES = {};

/** Exposures that were reported before. Users of the vendor's SDK have an instance each. */
export const w6: Cell = {
  id: "W6",
  title: "W1 with a logger and deduplication, repeating subjects",
  unit: "ns",
  participants: [logging(sortition), logging(vendor), logging(facade)],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: vendor.name, atLeast: 5 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
  ],
  findFault: ({ events = [] }) =>
    events[0] === SUBJECTS ? null : `${events[0]} events were logged of ${SUBJECTS} subjects`,
};

/** What an evaluation of {@link w6} allocates. */
export const w6Garbage: Cell = {
  ...w6,
  id: "W6-garbage",
  title: "what W6 allocates per evaluation",
  unit: "bytes",
  participants: [allocating(sortition), allocating(vendor)],
  effort: GARBAGE_EFFORT,
  collectsGarbage: true,
  targets: [{ kind: "limit", participant: sortition.name, atMost: 1 }],
};

async function prepare(peer: Peer) {
  let events = 0;
  const subjects = shortSubjectKeys(SUBJECTS);
  const ask = await peer.loadWithLogger(halvesBytes(), subjects, () => {
    events += 1;
  });
  for (let i = 0; i < 2; i++) for (const it of subjects) ask(HALVES, it, NO_ATTRIBUTES);
  const { answers, run } = subjectTask({
    topic: "values",
    subjects,
    ask: (subject) => ask(HALVES, subject, NO_ATTRIBUTES),
    digest: (value) => (value as string).length,
  });
  return { answers: { ...answers, events: [events] }, run };
}

function logging(peer: Peer): Participant {
  return { name: peer.name, prepare: () => prepare(peer) };
}

function allocating(peer: Peer): Participant {
  return {
    name: peer.name,
    async prepare() {
      const { answers, run } = await prepare(peer);
      return { answers, run: (operations) => garbageOf(run, operations) };
    },
  };
}
