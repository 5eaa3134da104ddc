import { type Cell, cellOf } from "../../../cells/cell.js";
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

/** Instances over so many features, and what is done with one for each subject. */
interface Work extends Pick<Cell, "id" | "title"> {
  readonly open: Open;
  readonly counts: readonly number[];
  readonly targets?: Cell["targets"];
  readonly sampleSize?: number;
  readonly shareOf?: (count: number) => number;
}

/** An instance for each request: made, asked once, destroyed. Beside it, an instance that is kept. */
export function instancesOf(peers: Peers): readonly Cell[] {
  const [ours, theirs] = peers;
  const works: readonly Work[] = [
    {
      id: "W14",
      title: "an instance per request: construct, isOn, destroy",
      open: serving,
      counts: COUNTS,
      targets: [
        ...COUNTS.map((count) => ratio(nameOf(ours, count), nameOf(theirs, count), 0.45)),
        ratio(nameOf(ours, 10_000), nameOf(ours, 1), 1.2),
      ],
    },
    {
      id: "W14-json",
      title: "W14 with the features parsed from JSON for each request",
      open: parsing,
      counts: COUNTS,
      sampleSize: 20,
      shareOf: (count) => (count === 1 ? 1 : 0.001),
    },
    {
      id: "W1-many",
      title: `isOn of an instance over ${MANY.map((it) => it.toLocaleString("en")).join(", ")} features`,
      open: keeping,
      counts: MANY,
      targets: [ratio(nameOf(ours, 10_000), nameOf(ours, 10), 1.3)],
    },
  ];
  return works.map(({ counts, id, open, sampleSize, shareOf = () => 1, targets = [], title }) =>
    cellOf({
      ...{ id, title, targets },
      participants: peers.flatMap((peer) =>
        counts.map((count) => ({
          name: nameOf(peer, count),
          share: shareOf(count),
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
        })),
      ),
      findFault: ({ answers = [] }) =>
        answers.length > 0 && answers.every((it) => it === true) ? null : "a feature is off",
    }),
  );
}

function nameOf(peer: InstancePeer, count: number): string {
  return `${peer.name}, ${count.toLocaleString("en")} ${count === 1 ? "feature" : "features"}`;
}
