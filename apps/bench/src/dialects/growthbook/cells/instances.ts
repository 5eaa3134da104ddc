import type { GrowthBook } from "@growthbook/growthbook";
import { type Cell, cellOf } from "../../../cells/cell.js";
import { FLAG } from "../../../cells/evaluations.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { ratio } from "../../../cells/target.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { shopFlags } from "../../writer.js";
import type { Classes, ClassPeer } from "../peers.js";
import { featuresOf, growthbookWriter } from "../writer.js";

const COUNTS = [1, 10_000] as const;

/** Features of an instance that is asked again and again, as on a server that keeps one. */
const MANY = [10, 1_000, 10_000] as const;

/** Opens the function that is called for each subject. */
type Open = (
  GrowthBook: Classes["GrowthBook"],
  features: Record<string, object>,
) => (id: string) => unknown;

const serving: Open = (GrowthBook, features) => (id) =>
  askOnce(new GrowthBook({ features, attributes: { id } }));
const parsing: Open = (GrowthBook, features) => {
  const text = JSON.stringify(features);
  return (id) => askOnce(new GrowthBook({ features: JSON.parse(text), attributes: { id } }));
};
const keeping: Open = (GrowthBook, features) => {
  const instance = new GrowthBook({ features });
  return (id) => {
    // The vendor's is a promise; attributes are in place when it returns.
    void instance.setAttributes({ id });
    return instance.isOn(FLAG);
  };
};

/** Instances over so many features, and the work with one of them for each subject. */
interface Work extends Pick<Cell, "id" | "title"> {
  readonly open: Open;
  readonly counts: readonly number[];
  readonly targets?: Cell["targets"];
  readonly sampleSize?: number;
  readonly shareOf?: (count: number) => number;
}

/** An instance for each request: made, asked once, destroyed. Beside it, an instance that is kept. */
export function instancesOf(peers: readonly [ours: ClassPeer, theirs: ClassPeer]): readonly Cell[] {
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
            const { GrowthBook } = await peer.load();
            const flags = [...shopFlags(growthbookWriter, count - 1), growthbookWriter.half(FLAG)];
            return subjectTask({
              topic: "answers",
              sampleSize,
              subjects: shortSubjectKeys(),
              ask: open(GrowthBook, featuresOf(flags)),
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

function nameOf(peer: ClassPeer, count: number): string {
  return `${peer.name}, ${count.toLocaleString("en")} ${count === 1 ? "feature" : "features"}`;
}

function askOnce(instance: GrowthBook): boolean {
  const isOn = instance.isOn(FLAG);
  instance.destroy();
  return isOn;
}
