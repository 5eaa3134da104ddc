import {
  type Cell,
  EVALUATION_EFFORT,
  type Participant,
  type Target,
} from "../../../cells/cell.js";
import { FLAG } from "../../../cells/evaluations.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { shopFlags } from "../../writer.js";
import type { InstancePeer } from "../peers.js";
import { featuresOf, growthbookWriter } from "../writer.js";

const COUNTS = [1, 10_000] as const;

/** An instance for each request: made, asked once, destroyed. */
export function instancesOf([ours, theirs]: readonly [
  InstancePeer,
  InstancePeer,
]): readonly Cell[] {
  const w14: Cell = {
    id: "W14",
    title: "an instance per request: construct, isOn, destroy",
    unit: "ns",
    participants: [ours, theirs].flatMap((peer) => COUNTS.map((count) => serving(peer, count))),
    effort: EVALUATION_EFFORT,
    collectsGarbage: false,
    targets: [
      ...COUNTS.map((count): Target => {
        const over = nameOf(theirs, count);
        return { kind: "ratio", participant: nameOf(ours, count), over, atMost: 0.45 };
      }),
      {
        kind: "ratio",
        participant: nameOf(ours, 10_000),
        over: nameOf(ours, 1),
        atMost: 1.2,
      },
    ],
    findFault: ({ answers = [] }) =>
      answers.every((it) => it === true) ? null : "a feature is off",
  };
  return [w14];
}

function nameOf(peer: InstancePeer, count: number): string {
  return `${peer.name}, ${count.toLocaleString("en")} ${count === 1 ? "feature" : "features"}`;
}

function serving(peer: InstancePeer, count: number): Participant {
  return {
    name: nameOf(peer, count),
    async prepare() {
      const { serve } = await peer.instances();
      const flags = [...shopFlags(growthbookWriter, count - 1), growthbookWriter.half(FLAG)];
      const features = featuresOf(flags);
      return subjectTask({
        topic: "answers",
        subjects: shortSubjectKeys(),
        ask: (id) => serve({ features, attributes: { id } }, FLAG),
        digest: (isOn) => (isOn ? 1 : 0),
      });
    },
  };
}
