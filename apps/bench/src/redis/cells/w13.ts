import { type Cell, EVALUATION_EFFORT, type Participant } from "../../cells/cell.js";
import { subjectTask } from "../../cells/subject-task.js";
import {
  assigningHalves,
  NO_ATTRIBUTES,
  OUR_W1,
} from "../../dialects/eppo/cells/assigning-halves.js";
import { sortition } from "../../dialects/eppo/peers/sortition.js";
import { findFaultOfHalves, HALVES_FLAG } from "../../dialects/eppo/workload/halves.js";
import { shortSubjectKeys } from "../../workload/subjects.js";
import { absenceOfRedis, startFleet } from "../fleet.js";
import { HALVES } from "../payload.js";

const FOLLOWING = "sortition, a follower";
const TIMINGS = { pollIntervalMs: 2_000, leaseMs: 5_000, overdueAfterMs: 10_000, tickMs: 500 };

const following: Participant = {
  name: FOLLOWING,
  absence: absenceOfRedis,
  async prepare() {
    const { setup } = await startFleet(HALVES, 1, TIMINGS);
    const { openFleet } = await import("../open-fleet.js");
    const { client } = openFleet(setup, { eligible: false });
    await client.waitForInitialization({ timeoutMs: 60_000 });
    return subjectTask({
      topic: "halves",
      subjects: shortSubjectKeys(),
      ask: (subject) => client.getBooleanAssignment(HALVES_FLAG, subject, NO_ATTRIBUTES, false),
      digest: (isOn) => (isOn ? 1 : 0),
    });
  },
};

/** W1 in a process that follows a fleet, beside one that does not. */
export const w13: Cell = {
  id: "W13",
  title: "W1 with the configuration from Redis, while ticks and pushes arrive",
  unit: "ns",
  participants: [following, assigningHalves(sortition, { name: OUR_W1 })],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [{ kind: "same", participant: FOLLOWING, over: OUR_W1, atLeast: 0.95, atMost: 1.05 }],
  findFault: ({ halves = [] }) => findFaultOfHalves(halves),
};
