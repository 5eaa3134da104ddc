import type { Cell, Participant } from "../../../cells/cell.js";
import { evenLuck, fasterThan, LONG_LIST, withLuck } from "../../../cells/long-list.js";
import { accountFor, LIST_LENGTH, type Luck, listedAccounts } from "../../../workload/accounts.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { conditionOf, definitionBytes, filterOf, flagOf } from "../definitions.js";
import { facade, native, type Peer, vendor } from "../peers.js";
import { asking, visitorsWith } from "./asking.js";

const FLAG_KEY = "early-access";

/** A long list in a filter. */
export const w5: Cell = {
  id: "W5",
  title: `one of a list of ${LIST_LENGTH.toLocaleString("en")}`,
  ...LONG_LIST,
  participants: [native, vendor, facade].flatMap((peer) => [
    listed(peer, "hit"),
    listed(peer, "miss"),
  ]),
  targets: [
    ...(["hit", "miss"] as const).flatMap((luck) => [
      fasterThan(vendor, native, luck, 800),
      fasterThan(vendor, facade, luck, 5),
    ]),
    ...evenLuck(native),
  ],
  findFault: ({ hit = [], miss = [] }) =>
    hit.every((it) => it === true) && miss.every((it) => it === false)
      ? null
      : "a person has the answer of another",
};

function listed(peer: Peer, luck: Luck): Participant {
  return asking(peer, {
    name: withLuck(peer, luck),
    topic: luck,
    share: peer === vendor ? 0.005 : 1,
    sampleSize: 200,
    bytes: () => {
      const condition = conditionOf([filterOf("account", "exact", listedAccounts())]);
      return definitionBytes([flagOf(FLAG_KEY, [condition], [])]);
    },
    visitors: () =>
      visitorsWith((i) => ({ account: accountFor(i, luck) }), shortSubjectKeys(20_000)),
    ask: (client, visitor) => client.isOn(FLAG_KEY, visitor),
  });
}
