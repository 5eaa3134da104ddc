import type { Cell, Participant } from "../../../cells/cell.js";
import { evenLuck, fasterThan, LONG_LIST, withLuck } from "../../../cells/long-list.js";
import { OWN_MD5, ownMd5 } from "../../../floors/hash-floors.js";
import { accountFor, LIST_LENGTH, type Luck, listedAccounts } from "../../../workload/accounts.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { eppo } from "../peers/eppo.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import type { FlagBody } from "../workload/flags.js";
import { assigningText, NOT_TARGETED, textFlag } from "./assigning-text.js";

const FLAG_KEY = "early-access";

/** One flag for the accounts of a long list, without a split: nothing is hashed. */
export const w5: Cell = {
  id: "W5",
  title: `one of a list of ${LIST_LENGTH.toLocaleString("en")}`,
  ...LONG_LIST,
  participants: [
    assigning(sortition, "hit"),
    assigning(sortition, "miss"),
    assigning(eppo, "hit"),
    assigning(eppo, "miss"),
    ownMd5({ salt: FLAG_KEY, subjects: shortSubjectKeys }),
  ],
  targets: [
    ...(["hit", "miss"] as const).flatMap((luck): Cell["targets"] => [
      fasterThan(eppo, sortition, luck, 100),
      { kind: "ratio", participant: withLuck(sortition, luck), over: OWN_MD5, atMost: 0.7 },
    ]),
    ...evenLuck(sortition),
  ],
  findFault: ({ hit = [], miss = [] }) =>
    hit.every((it) => it === "invited") && miss.every((it) => it === NOT_TARGETED)
      ? null
      : "a subject has the answer of another",
};

function assigning(peer: Peer, luck: Luck): Participant {
  return assigningText(peer, {
    name: withLuck(peer, luck),
    topic: luck,
    share: peer === eppo ? 0.02 : 1,
    sampleSize: 200,
    flag,
    visitors: () =>
      shortSubjectKeys(20_000).map((key, i) => ({
        key,
        attributes: { account: accountFor(i, luck) },
      })),
  });
}

function flag(): FlagBody {
  const value = listedAccounts();
  return textFlag(FLAG_KEY, ["invited"], {
    rules: [{ conditions: [{ attribute: "account", operator: "ONE_OF", value }] }],
    splits: [{ variationKey: "invited", shards: [] }],
  });
}
