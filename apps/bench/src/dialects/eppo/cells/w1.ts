import { type Cell, EVALUATION_EFFORT, type Participant } from "../../../cells/cell.js";
import { shortSubjectKeys, uuidSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import { facade } from "../peers/facade.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { findFaultOfHalves, HALVES_FLAG, HALVES_SALT, HALVES_VALUES } from "../workload/halves.js";
import { assigningHalves, OUR_W1 } from "./assigning-halves.js";
import { hashFloors, OWN_MD5_AND_LOOK_UP } from "./md5-floors.js";
import { findFaultOfShards } from "./shards.js";

/** Other flags of {@link w11}. */
const OTHERS = 1_000;

/** One flag, half on and half off. */
export const w1: Cell = {
  id: "W1",
  title: "one 50/50 boolean flag, distinct subjects",
  unit: "ns",
  participants: participants(shortSubjectKeys, [sortition, facade, eppo]),
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: eppo.name, atLeast: 9 },
    { kind: "ratio", participant: sortition.name, over: OWN_MD5_AND_LOOK_UP, atMost: 1.5 },
  ],
  findFault: (answers) => {
    const { halves = [] } = answers;
    return findFaultOfHalves(halves) ?? findFaultOfShards(answers, halves, HALVES_VALUES);
  },
};

/** The same with longer subject keys: two blocks of MD5 instead of one. */
export const w1WithUuids: Cell = {
  ...w1,
  id: "W1-uuid",
  title: "the same, subjects are UUIDs (two blocks of MD5)",
  participants: participants(uuidSubjectKeys, [sortition, eppo]),
  targets: [],
};

/** The same with many other flags loaded. */
export const w11: Cell = {
  ...w1,
  id: "W11",
  title: "W1 with 1,000 other flags loaded",
  participants: [
    assigningHalves(sortition, { otherFlags: OTHERS }),
    assigningHalves(eppo, { otherFlags: OTHERS }),
    assigningHalves(sortition, { name: OUR_W1 }),
  ],
  targets: [{ kind: "ratio", participant: sortition.name, over: OUR_W1, atMost: 1.3 }],
};

function participants(
  subjects: () => readonly string[],
  peers: readonly Peer[],
): readonly Participant[] {
  return [
    ...peers.map((peer) => assigningHalves(peer, { subjects })),
    ...hashFloors({ flagKey: HALVES_FLAG, salt: HALVES_SALT, subjects }),
  ];
}
