import type { Cell, Participant } from "../../../cells/cell.js";
import { OWN_MD5, ownMd5 } from "../../../floors/hash-floors.js";
import { received, shortSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import type { FlagBody } from "../workload/flags.js";
import { assigningText, NOT_TARGETED, textFlag } from "./assigning-text.js";

const FLAG_KEY = "early-access";
const LIST_LENGTH = 10_000;
const accountOf = (i: number): string => `account-${String(1_000_000 + i * 37)}`;

type Luck = "hit" | "miss";

/** One flag for the accounts of a long list, without a split: nothing is hashed. */
export const w5: Cell = {
  id: "W5",
  title: `one of a list of ${LIST_LENGTH.toLocaleString("en")}`,
  unit: "ns",
  participants: [
    assigning(sortition, "hit"),
    assigning(sortition, "miss"),
    assigning(eppo, "hit"),
    assigning(eppo, "miss"),
    ownMd5({ salt: FLAG_KEY, subjects: shortSubjectKeys }),
  ],
  effort: {
    // Long rounds: the other participants have evicted the list from the processor's caches.
    full: { rounds: 15, operations: 100_000, warmUpOperations: 100_000 },
    quick: { rounds: 4, operations: 100_000, warmUpOperations: 50_000 },
  },
  collectsGarbage: false,
  targets: [
    ...(["hit", "miss"] as const).flatMap((luck): Cell["targets"] => [
      {
        kind: "speed-up",
        participant: nameOf(sortition, luck),
        than: nameOf(eppo, luck),
        atLeast: 100,
      },
      { kind: "ratio", participant: nameOf(sortition, luck), over: OWN_MD5, atMost: 0.7 },
    ]),
    {
      kind: "ratio",
      participant: nameOf(sortition, "hit"),
      over: nameOf(sortition, "miss"),
      atMost: 1.5,
    },
    {
      kind: "ratio",
      participant: nameOf(sortition, "miss"),
      over: nameOf(sortition, "hit"),
      atMost: 1.5,
    },
  ],
  findFault: ({ hit = [], miss = [] }) =>
    hit.every((it) => it === "invited") && miss.every((it) => it === NOT_TARGETED)
      ? null
      : "a subject has the answer of another",
};

function nameOf(peer: Peer, luck: Luck): string {
  return `${peer.name}, ${luck}`;
}

function assigning(peer: Peer, luck: Luck): Participant {
  const offset = luck === "hit" ? 0 : LIST_LENGTH;
  return assigningText(peer, {
    name: nameOf(peer, luck),
    topic: luck,
    share: peer === eppo ? 0.02 : 1,
    sampleSize: 200,
    flag,
    visitors: () =>
      shortSubjectKeys(20_000).map((key, i) => ({
        key,
        // Visitors are in another order than the list.
        attributes: { account: received(accountOf(((i * 7_919) % LIST_LENGTH) + offset)) },
      })),
  });
}

function flag(): FlagBody {
  const value = Array.from({ length: LIST_LENGTH }, (_, i) => accountOf(i));
  return textFlag(FLAG_KEY, ["invited"], {
    rules: [{ conditions: [{ attribute: "account", operator: "ONE_OF", value }] }],
    splits: [{ variationKey: "invited", shards: [] }],
  });
}
