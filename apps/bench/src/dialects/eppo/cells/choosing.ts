import { seededRandom } from "@sortition/test-kit/random";
import { type Cell, cellOf, effortOf, type Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { speedUp } from "../../../cells/target.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { actions, attributes, BANDIT_FLAG, banditFlagBytes, banditModelBytes } from "../bandits.js";
import { dropIn, type EppoPeer, native, sdk } from "../peers.js";

const DEFAULT_VALUE = "no shoes";
/** Fewer subjects than in other cells, because each has its own attributes. */
const SUBJECT_COUNT = 20_000;
/** Enough evaluations to choose nearly every action. The vendor's SDK takes a millisecond for each. */
const SAMPLE_SIZE = 500;

export function choosingOf(
  actionCount: number,
  atLeast: number,
  [operations, warmUpOperations]: readonly [number, number],
): Cell {
  return cellOf({
    id: `W7-${actionCount}`,
    title: `a bandit with ${actionCount} actions, 5 + 5 attributes of the subject and of each action`,
    participants: [native, dropIn, sdk].map((peer) => choosing(peer, actionCount)),
    effort: effortOf([20, operations, warmUpOperations], [6, operations, warmUpOperations]),
    targets: [speedUp(native.name, sdk.name, atLeast)],
    findFault: ({ actions: chosen = [] }) =>
      chosen.includes(null) || new Set(chosen).size < actionCount / 2
        ? `${new Set(chosen).size} different actions were chosen`
        : null,
  });
}

function choosing(peer: EppoPeer, actionCount: number): Participant {
  return {
    name: peer.name,
    async prepare() {
      const client = await peer.openBandit(banditFlagBytes(), banditModelBytes(actionCount));
      const shoes = actions(actionCount);
      return subjectTask({
        topic: "actions",
        subjects: visitors(),
        sampleSize: SAMPLE_SIZE,
        ask: (it) =>
          client.getBanditAction(BANDIT_FLAG, it.key, it.attributes, shoes, DEFAULT_VALUE),
        digest: ({ action }) => action?.length ?? 0,
        answerOf: ({ action }) => action,
      });
    },
  };
}

function visitors() {
  const random = seededRandom(7);
  return shortSubjectKeys(SUBJECT_COUNT).map((key) => ({ key, attributes: attributes(random) }));
}
