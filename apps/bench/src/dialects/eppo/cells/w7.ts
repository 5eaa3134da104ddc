import type { Cell, Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { createRandom } from "../../../workload/random.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import type { BanditAttributes, Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import {
  actions,
  attributes,
  BANDIT_FLAG,
  banditFlagBytes,
  banditModelBytes,
} from "../workload/bandits.js";

const DEFAULT_VALUE = "no shoes";
/** Fewer than in other cells, since each has attributes of its own. */
const SUBJECT_COUNT = 20_000;
/** Enough for nearly every action to be chosen; the vendor needs a millisecond for each evaluation. */
const SAMPLE_SIZE = 500;

/** A subject of the bandit. */
interface Visitor {
  readonly key: string;
  readonly attributes: BanditAttributes;
}

/** A bandit with few actions. */
export const w7With10: Cell = cell(10, 6, { operations: 1_000, warmUpOperations: 2_000 });

/** A bandit with many actions: the vendor hashes at each comparison of two actions. */
export const w7With100: Cell = cell(100, 12, { operations: 100, warmUpOperations: 300 });

function cell(
  actionCount: number,
  atLeast: number,
  effort: { readonly operations: number; readonly warmUpOperations: number },
): Cell {
  return {
    id: `W7-${actionCount}`,
    title: `a bandit with ${actionCount} actions, 5 + 5 attributes of the subject and of each action`,
    unit: "ns",
    participants: [choosing(sortition, actionCount), choosing(eppo, actionCount)],
    effort: { full: { rounds: 20, ...effort }, quick: { rounds: 6, ...effort } },
    collectsGarbage: false,
    targets: [{ kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast }],
    findFault: ({ actions: chosen = [] }) =>
      chosen.includes(null) || new Set(chosen).size < actionCount / 2
        ? `${new Set(chosen).size} different actions were chosen`
        : null,
  };
}

function choosing(peer: Peer, actionCount: number): Participant {
  return {
    name: peer.name,
    async prepare() {
      const client = await peer.createBanditClient(
        banditFlagBytes(),
        banditModelBytes(actionCount),
      );
      const shoes = actions(actionCount);
      return subjectTask({
        topic: "actions",
        subjects: visitors(),
        sampleSize: SAMPLE_SIZE,
        ask: (visitor) =>
          client.getBanditAction(
            BANDIT_FLAG,
            visitor.key,
            visitor.attributes,
            shoes,
            DEFAULT_VALUE,
          ),
        digest: ({ action }) => action?.length ?? 0,
        answerOf: ({ action }) => action,
      });
    },
  };
}

function visitors(): readonly Visitor[] {
  const random = createRandom(7);
  return shortSubjectKeys(SUBJECT_COUNT).map((key) => ({ key, attributes: attributes(random) }));
}
