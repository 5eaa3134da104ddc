import type { GrowthBook } from "@growthbook/growthbook";
import { type Cell, cellOf } from "../../../cells/cell.js";
import { FLAG } from "../../../cells/evaluations.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { ratio } from "../../../cells/target.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { shopFlags } from "../../writer.js";
import type { ClassPeer } from "../peers.js";
import { featuresOf, growthbookWriter } from "../writer.js";

const COUNTS = [1, 10_000] as const;

/** Creates the cells of an instance per request, which is constructed, used once and destroyed. */
export function instancesOf(peers: readonly [ours: ClassPeer, theirs: ClassPeer]): readonly Cell[] {
  const [ours, theirs] = peers;
  const w14 = cellOf({
    id: "W14",
    title: "an instance per request: construct, isOn, destroy",
    targets: [
      ...COUNTS.map((count) => ratio(nameOf(ours, count), nameOf(theirs, count), 0.45)),
      ratio(nameOf(ours, 10_000), nameOf(ours, 1), 1.2),
    ],
    participants: peers.flatMap((peer) =>
      COUNTS.map((count) => ({
        name: nameOf(peer, count),
        async prepare() {
          const { GrowthBook } = await peer.load();
          const flags = [...shopFlags(growthbookWriter, count - 1), growthbookWriter.half(FLAG)];
          const features = featuresOf(flags);
          return subjectTask({
            topic: "answers",
            subjects: shortSubjectKeys(),
            ask: (id) => askOnce(new GrowthBook({ features, attributes: { id } })),
            digest: (isOn) => (isOn ? 1 : 0),
          });
        },
      })),
    ),
    findFault: ({ answers = [] }) =>
      answers.length > 0 && answers.every((it) => it === true) ? null : "a feature is off",
  });
  return [w14];
}

function nameOf(peer: ClassPeer, count: number): string {
  return `${peer.name}, ${count.toLocaleString("en")} ${count === 1 ? "feature" : "features"}`;
}

function askOnce(instance: GrowthBook): boolean {
  const isOn = instance.isOn(FLAG);
  instance.destroy();
  return isOn;
}
