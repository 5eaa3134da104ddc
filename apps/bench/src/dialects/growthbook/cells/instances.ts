import { type Cell, cellOf, type Participant } from "../../../cells/cell.js";
import { FLAG } from "../../../cells/evaluations.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { ratio, type Target } from "../../../cells/target.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { shopFlags } from "../../writer.js";
import type { InstancePeer, Instances } from "../peers.js";
import { featuresOf, growthbookWriter } from "../writer.js";

const COUNTS = [1, 10_000] as const;

/** Features of an instance that is asked again and again, as on a server that keeps one. */
const MANY = [10, 1_000, 10_000] as const;

/** An instance for each request: made, asked once, destroyed. Beside it, an instance that is kept. */
export function instancesOf([ours, theirs]: readonly [
  InstancePeer,
  InstancePeer,
]): readonly Cell[] {
  const w14: Cell = cellOf({
    id: "W14",
    title: "an instance per request: construct, isOn, destroy",
    participants: [ours, theirs].flatMap((peer) => COUNTS.map((count) => serving(peer, count))),
    targets: [
      ...COUNTS.map((count): Target => {
        const over = nameOf(theirs, count);
        return ratio(nameOf(ours, count), over, 0.45);
      }),
      ratio(nameOf(ours, 10_000), nameOf(ours, 1), 1.2),
    ],
    findFault: ({ answers = [] }) =>
      answers.every((it) => it === true) ? null : "a feature is off",
  });
  const w14Json: Cell = {
    ...w14,
    id: "W14-json",
    title: "W14 with the features parsed from JSON for each request",
    participants: [ours, theirs].flatMap((peer) =>
      COUNTS.map((count) => ({ ...serving(peer, count, parsed), share: count === 1 ? 1 : 0.001 })),
    ),
    targets: [],
  };
  const w1Many: Cell = {
    ...w14,
    id: "W1-many",
    title: `isOn of an instance over ${MANY.map((it) => it.toLocaleString("en")).join(", ")} features`,
    participants: [ours, theirs].flatMap((peer) => MANY.map((count) => keeping(peer, count))),
    targets: [ratio(nameOf(ours, 10_000), nameOf(ours, 10), 1.3)],
    findFault: ({ answers = [] }) =>
      new Set(answers).size === 1 && answers[0] === true ? null : "a feature is off",
  };
  return [w14, w14Json, w1Many];
}

function nameOf(peer: InstancePeer, count: number): string {
  return `${peer.name}, ${count.toLocaleString("en")} ${count === 1 ? "feature" : "features"}`;
}

type Open = (instances: Instances, features: object) => (id: string) => unknown;

/** What is given to an instance of a request, once or each time. */
type Given = (features: object) => () => object;

const asObjects: Given = (features) => () => features;

function parsed(features: object): () => object {
  const text = JSON.stringify(features);
  return () => JSON.parse(text);
}

function serving(peer: InstancePeer, count: number, given: Given = asObjects): Participant {
  const open: Open = ({ serve }, features) => {
    const featuresNow = given(features);
    return (id) => serve({ features: featuresNow(), attributes: { id } }, FLAG);
  };
  return participant(peer, count, open, given === parsed ? 20 : 2_000);
}

function keeping(peer: InstancePeer, count: number): Participant {
  return participant(peer, count, ({ keep }, features) => keep({ features }, FLAG));
}

function participant(
  peer: InstancePeer,
  count: number,
  open: Open,
  sampleSize = 2_000,
): Participant {
  return {
    name: nameOf(peer, count),
    async prepare() {
      const flags = [...shopFlags(growthbookWriter, count - 1), growthbookWriter.half(FLAG)];
      return subjectTask({
        topic: "answers",
        sampleSize,
        subjects: shortSubjectKeys(),
        ask: open(await peer.instances(), featuresOf(flags)),
        digest: (isOn) => (isOn ? 1 : 0),
      });
    },
  };
}
