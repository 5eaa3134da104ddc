import { type Cell, cellOf, type Participant } from "../../cells/cell.js";
import { askingW1, FLAG, findFaultOfHalves, OUR_W1 } from "../../cells/evaluations.js";
import { subjectTask } from "../../cells/subject-task.js";
import { same } from "../../cells/target.js";
import { eppo } from "../../dialects/eppo/vendor.js";
import { shortSubjectKeys } from "../../workload/subjects.js";
import { absenceOfRedis, followFleet } from "../fleet.js";
import { HALVES } from "../payload.js";

const NO_ATTRIBUTES = {};
const FOLLOWING = "sortition, a follower";

const following: Participant = {
  name: FOLLOWING,
  absence: absenceOfRedis,
  async prepare() {
    const { client } = await followFleet(HALVES, { tickMs: 500 });
    return subjectTask({
      topic: "halves",
      subjects: shortSubjectKeys(),
      ask: (subject) => client.getBooleanAssignment(FLAG, subject, NO_ATTRIBUTES, false),
      digest: (isOn) => (isOn ? 1 : 0),
    });
  },
};

export const w13: Cell = cellOf({
  id: "W13",
  title: "W1 with the configuration from Redis, while ticks and pushes arrive",
  participants: [following, askingW1(eppo)],
  targets: [same(FOLLOWING, OUR_W1, [0.95, 1.05])],
  findFault: ({ halves = [] }) => findFaultOfHalves(halves),
});
