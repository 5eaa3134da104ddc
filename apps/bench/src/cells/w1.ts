import { eppo } from "../peers/eppo.js";
import { CRYPTO_HASH, hashFloors, OWN_MD5, OWN_MD5_AND_LOOK_UP } from "../peers/floor.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { findFaultOfHalves, HALVES_FLAG, HALVES_SALT, halvesBytes } from "../workload/halves.js";
import { shortSubjectKeys, uuidSubjectKeys } from "../workload/subjects.js";
import { type Cell, EVALUATION_EFFORT, type Participant } from "./cell.js";
import { subjectTask } from "./subject-task.js";

/** Other flags of {@link w11}. */
const OTHERS = 1_000;
const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

/** One flag, half on and half off. */
export const w1: Cell = {
  id: "W1",
  title: "one 50/50 boolean flag, distinct subjects",
  participants: participants(shortSubjectKeys),
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 9 },
    { kind: "ratio", participant: sortition.name, over: OWN_MD5_AND_LOOK_UP, atMost: 1.5 },
    { kind: "ratio", participant: OWN_MD5, over: CRYPTO_HASH, atMost: 0.7 },
  ],
  findFault: ({ assignments = [] }) => findFaultOfHalves(assignments),
};

/** The same with longer subject keys: two blocks of MD5 instead of one. */
export const w1WithUuids: Cell = {
  ...w1,
  id: "W1-uuid",
  title: "the same, subjects are UUIDs (two blocks of MD5)",
  participants: participants(uuidSubjectKeys),
  targets: [],
};

const ALONE = "sortition, the flag alone";

/** The same beside many other flags. */
export const w11: Cell = {
  ...w1,
  id: "W11",
  title: "W1 with 1,000 other flags loaded",
  participants: [
    assigning(sortition, shortSubjectKeys, OTHERS),
    assigning(eppo, shortSubjectKeys, OTHERS),
    { ...assigning(sortition, shortSubjectKeys), name: ALONE },
  ],
  targets: [{ kind: "ratio", participant: sortition.name, over: ALONE, atMost: 1.3 }],
};

function participants(subjects: () => readonly string[]): readonly Participant[] {
  return [
    assigning(sortition, subjects),
    assigning(eppo, subjects),
    ...hashFloors({ flagKey: HALVES_FLAG, salt: HALVES_SALT, subjects }),
  ];
}

function assigning(peer: Peer, subjects: () => readonly string[], otherFlags = 0): Participant {
  return {
    name: peer.name,
    async prepare() {
      const client = await peer.createClient(halvesBytes(otherFlags));
      return subjectTask({
        topic: "assignments",
        subjects: subjects(),
        ask: (subject) => client.getBooleanAssignment(HALVES_FLAG, subject, NO_ATTRIBUTES, false),
        digest: (isOn) => (isOn ? 1 : 0),
      });
    },
  };
}
