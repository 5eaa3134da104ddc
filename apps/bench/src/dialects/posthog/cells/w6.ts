import { awaitingTask } from "../../../cells/awaiting-task.js";
import { type Cell, EVALUATION_EFFORT, type Participant, type Task } from "../../../cells/cell.js";
import { GARBAGE_EFFORT, garbageOf } from "../../../cells/garbage.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { definitionBytes, HALVES, halves } from "../definitions.js";
import { facade, native, type Peer, type Value, type Visitor, vendor } from "../peers.js";
import { answerOf, digest, findFaultOfValues, speedUps, visitorsWith } from "./asking.js";

const FLAG_KEY = "new-checkout";
/** All of them fit into the caches, and are there before the clock starts. */
const VISITORS = 10_000;

/** Exposures that were reported before. */
export const w6: Cell = {
  id: "W6",
  title: "W1 with events and deduplication, repeating people",
  unit: "ns",
  participants: [native, vendor, facade].map(
    (peer): Participant => ({
      name: peer.name,
      share: peer === vendor ? 0.2 : 1,
      prepare: () => prepare(peer),
    }),
  ),
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: speedUps(40),
  findFault: ({ events = [], values = [] }) =>
    events[0] === VISITORS
      ? findFaultOfValues(values, HALVES)
      : `${events[0]} events were sent of ${VISITORS} people who came twice`,
};

/** What an evaluation of {@link w6} allocates. */
export const w6Garbage: Cell = {
  ...w6,
  id: "W6-garbage",
  title: "bytes that one evaluation of W6 allocates",
  unit: "bytes",
  participants: [native, vendor, facade].map(
    (peer): Participant => ({
      name: peer.name,
      async prepare() {
        const { answers, run } = await prepare(peer);
        return {
          answers,
          run: (operations) =>
            garbageOf(run as (count: number) => number | Promise<number>, operations), // no readings
        };
      },
    }),
  ),
  effort: GARBAGE_EFFORT,
  collectsGarbage: true,
  targets: [{ kind: "limit", participant: native.name, atMost: 0 }],
};

async function prepare(peer: Peer): Promise<Task> {
  let events = 0;
  const client = await peer.load(definitionBytes([halves(FLAG_KEY)]), () => {
    events += 1;
  });
  const subjects = visitorsWith(undefined, shortSubjectKeys(VISITORS));
  const ask = (visitor: Visitor) => client.variant(FLAG_KEY, visitor);
  for (let i = 0; i < 2; i++) for (const subject of subjects) await ask(subject);
  // The vendor prepares an event in later turns.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const questions = { topic: "values", subjects, sampleSize: 2_000, digest, answerOf };
  const { answers, run } = peer.isAsync
    ? await awaitingTask({ ...questions, ask: (it) => ask(it) as Promise<Value> }) // such is its kind
    : subjectTask({ ...questions, ask: (it) => ask(it) as Value });
  const logged = events;
  return {
    answers: { ...answers, events: [logged] },
    run(operations) {
      if (events > logged) throw new Error(`${events - logged} events were sent again`);
      return run(operations);
    },
  };
}
