import type { Cell, Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { findFaultOfHalves, HALVES_FLAG, halvesBytes } from "../workload/halves.js";
import { NO_ATTRIBUTES } from "./assigning-halves.js";

/** The caches hold 50,000 assignments: they are full before the clock starts. */
const WARM_UP = 60_000;

/** A flag whose assignments are not logged, in an application that has a logger. */
export const w1Unlogged: Cell = cell("W1-unlogged", "W1 with a logger, the flag is not logged", {
  isLogged: false,
  atLeast: 8,
});

/** Each assignment is new to the SDK, and becomes an event. */
export const w1FirstLogged: Cell = cell(
  "W1-first-logged",
  "W1 with a logger, each assignment is logged for the first time",
  { isLogged: true, atLeast: 1 },
);

function cell(
  id: string,
  title: string,
  { isLogged, atLeast }: { readonly isLogged: boolean; readonly atLeast: number },
): Cell {
  return {
    id,
    title,
    unit: "ns",
    participants: [evaluating(sortition, isLogged), evaluating(eppo, isLogged)],
    effort: {
      full: { rounds: 20, operations: 10_000, warmUpOperations: WARM_UP },
      quick: { rounds: 5, operations: 10_000, warmUpOperations: WARM_UP },
    },
    collectsGarbage: false,
    targets: [{ kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast }],
    findFault: ({ halves = [], events = [] }) => {
      const expected = isLogged ? halves.length : 0;
      return events[0] === expected
        ? findFaultOfHalves(halves)
        : `${events[0]} events were logged, not ${expected}`;
    },
  };
}

/** An SDK that evaluates for subjects which are not in its cache. Each round checks the number of events. */
function evaluating(peer: Peer, isLogged: boolean): Participant {
  return {
    name: peer.name,
    async prepare() {
      let events = 0;
      const client = await peer.createLoggingClient(halvesBytes({ isLogged }), "default", () => {
        events += 1;
      });
      const { answers, run } = subjectTask({
        topic: "halves",
        // More than the caches hold: when a subject is evaluated again, it is not there any more.
        subjects: shortSubjectKeys(),
        ask: (subject) => client.getBooleanAssignment(HALVES_FLAG, subject, NO_ATTRIBUTES, false),
        digest: (isOn) => (isOn ? 1 : 0),
      });
      return {
        answers: { ...answers, events: [events] },
        run(operations) {
          const before = events;
          const checksum = run(operations);
          const expected = isLogged ? operations : 0;
          if (events - before === expected) return checksum;
          throw new Error(`${events - before} of ${operations} assignments were logged`);
        },
      };
    },
  };
}
