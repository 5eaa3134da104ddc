import { type Cell, EVALUATION_EFFORT, type Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { HALVES, halves, shopFeatures } from "../features.js";
import { facade, type Peer, vendor } from "../peer.js";

const COUNTS = [1, 10_000] as const;

/** An instance for each request: made, asked once, destroyed. */
export const w14: Cell = {
  id: "W14",
  title: "an instance per request: construct, isOn, destroy",
  unit: "ns",
  participants: [facade, vendor].flatMap((peer) => COUNTS.map((count) => serving(peer, count))),
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    ...COUNTS.map((count): Cell["targets"][number] => ({
      kind: "ratio",
      participant: nameOf(facade, count),
      over: nameOf(vendor, count),
      atMost: 0.45,
    })),
    { kind: "ratio", participant: nameOf(facade, 10_000), over: nameOf(facade, 1), atMost: 1.2 },
  ],
  findFault: ({ answers = [] }) => (answers.every((it) => it === true) ? null : "a feature is off"),
};

function nameOf(peer: Peer, count: number): string {
  return `${peer.name}, ${count.toLocaleString("en")} ${count === 1 ? "feature" : "features"}`;
}

function serving(peer: Peer, count: number): Participant {
  return {
    name: nameOf(peer, count),
    async prepare() {
      const { serveRequest } = peer;
      if (serveRequest === null) throw new Error(`${peer.name} has no instances`);
      const features = { ...shopFeatures(count - 1), [HALVES]: halves() };
      return subjectTask({
        topic: "answers",
        subjects: shortSubjectKeys(),
        ask: (subject) => serveRequest(features, HALVES, subject),
        digest: (isOn) => (isOn ? 1 : 0),
      });
    },
  };
}
