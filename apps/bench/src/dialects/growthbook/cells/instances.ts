import { type Cell, cellOf, type Participant } from "../../../cells/cell.js";
import { FLAG } from "../../../cells/evaluations.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { ratio } from "../../../cells/target.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { shopFlags } from "../../writer.js";
import type { InstancePeer, Instances } from "../peers.js";
import { featuresOf, growthbookWriter } from "../writer.js";

const COUNTS = [1, 10_000] as const;

/** Features of an instance that is asked again and again, as on a server that keeps one. */
const MANY = [10, 1_000, 10_000] as const;

type Peers = readonly [ours: InstancePeer, theirs: InstancePeer];
type Open = (instances: Instances, features: object) => (id: string) => unknown;

const serving: Open = ({ serve }, features) => {
  return (id) => serve({ features, attributes: { id } }, FLAG);
};
const parsing: Open = ({ serve }, features) => {
  const text = JSON.stringify(features);
  return (id) => serve({ features: JSON.parse(text), attributes: { id } }, FLAG);
};
const keeping: Open = ({ keep }, features) => keep({ features }, FLAG);

/** An instance for each request: made, asked once, destroyed. Beside it, an instance that is kept. */
export function instancesOf(peers: Peers): readonly Cell[] {
  const [ours, theirs] = peers;
  const cell = (
    named: Pick<Cell, "id" | "title" | "targets">,
    counts: readonly number[],
    participantOf: (peer: InstancePeer, count: number) => Participant,
  ): Cell =>
    cellOf({
      ...named,
      participants: peers.flatMap((peer) => counts.map((count) => participantOf(peer, count))),
      findFault: ({ answers = [] }) =>
        answers.length > 0 && answers.every((it) => it === true) ? null : "a feature is off",
    });
  return [
    cell(
      {
        id: "W14",
        title: "an instance per request: construct, isOn, destroy",
        targets: [
          ...COUNTS.map((count) => ratio(nameOf(ours, count), nameOf(theirs, count), 0.45)),
          ratio(nameOf(ours, 10_000), nameOf(ours, 1), 1.2),
        ],
      },
      COUNTS,
      (peer, count) => participant(peer, count, serving),
    ),
    cell(
      {
        id: "W14-json",
        title: "W14 with the features parsed from JSON for each request",
        targets: [],
      },
      COUNTS,
      (peer, count) => ({
        ...participant(peer, count, parsing, 20),
        share: count === 1 ? 1 : 0.001,
      }),
    ),
    cell(
      {
        id: "W1-many",
        title: `isOn of an instance over ${MANY.map((it) => it.toLocaleString("en")).join(", ")} features`,
        targets: [ratio(nameOf(ours, 10_000), nameOf(ours, 10), 1.3)],
      },
      MANY,
      (peer, count) => participant(peer, count, keeping),
    ),
  ];
}

function nameOf(peer: InstancePeer, count: number): string {
  return `${peer.name}, ${count.toLocaleString("en")} ${count === 1 ? "feature" : "features"}`;
}

function participant(
  peer: InstancePeer,
  count: number,
  open: Open,
  sampleSize?: number,
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
