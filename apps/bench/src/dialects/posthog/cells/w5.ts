import type { Cell, Participant } from "../../../cells/cell.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { conditionOf, definitionBytes, filterOf, flagOf } from "../definitions.js";
import { facade, native, type Peer, vendor } from "../peers.js";
import { asking, visitorsWith } from "./asking.js";

const FLAG_KEY = "early-access";
const LENGTH = 10_000;
const accountOf = (i: number): string => `account-${String(1_000_000 + i * 37)}`;

type Luck = "hit" | "miss";

/** A long list in a filter. */
export const w5: Cell = {
  id: "W5",
  title: `one of a list of ${LENGTH.toLocaleString("en")}`,
  unit: "ns",
  participants: [native, vendor, facade].flatMap((peer) => [
    listed(peer, "hit"),
    listed(peer, "miss"),
  ]),
  effort: {
    // Long rounds: the other participants have evicted the list from the processor's caches.
    full: { rounds: 15, operations: 100_000, warmUpOperations: 100_000 },
    quick: { rounds: 4, operations: 100_000, warmUpOperations: 50_000 },
  },
  collectsGarbage: false,
  targets: [
    ...(["hit", "miss"] as const).flatMap((luck) => [
      faster(native, luck, 800),
      faster(facade, luck, 5),
    ]),
    near("hit", "miss"),
    near("miss", "hit"),
  ],
  findFault: ({ hit = [], miss = [] }) =>
    hit.every((it) => it === true) && miss.every((it) => it === false)
      ? null
      : "a person has the answer of another",
};

function faster(peer: Peer, luck: Luck, atLeast: number): Cell["targets"][number] {
  const [participant, than] = [nameOf(peer, luck), nameOf(vendor, luck)];
  return { kind: "speed-up", participant, than, atLeast };
}

function near(luck: Luck, other: Luck): Cell["targets"][number] {
  const [participant, over] = [nameOf(native, luck), nameOf(native, other)];
  return { kind: "ratio", participant, over, atMost: 1.5 };
}

function nameOf(peer: Peer, luck: Luck): string {
  return `${peer.name}, ${luck}`;
}

function listed(peer: Peer, luck: Luck): Participant {
  const offset = luck === "hit" ? 0 : LENGTH;
  return asking(peer, {
    name: nameOf(peer, luck),
    topic: luck,
    share: peer === vendor ? 0.005 : 1,
    sampleSize: 200,
    bytes: () => {
      const values = Array.from({ length: LENGTH }, (_, i) => accountOf(i));
      const condition = conditionOf([filterOf("account", "exact", values)]);
      return definitionBytes([flagOf(FLAG_KEY, [condition], [])]);
    },
    // People are in another order than the list.
    visitors: () =>
      visitorsWith(
        (i) => ({ account: accountOf(((i * 7_919) % LENGTH) + offset) }),
        shortSubjectKeys(20_000),
      ),
    ask: (client, visitor) => client.isOn(FLAG_KEY, visitor),
  });
}
