import type { Cell, Participant } from "../../../cells/cell.js";
import { received, shortSubjectKeys } from "../../../workload/subjects.js";
import { payloadBytes } from "../features.js";
import { facade, type Peer, sortition, vendor } from "../peer.js";
import { assigning } from "./assigning.js";

const FEATURE = "early-access";
const LENGTH = 10_000;
const accountOf = (i: number): string => `account-${String(1_000_000 + i * 37)}`;

type Luck = "hit" | "miss";

/** A long list in the condition of a feature, and the same list as a saved group. */
export const w5: readonly Cell[] = (["list", "group"] as const).map((kind) => ({
  id: kind === "list" ? "W5" : "W5-group",
  title: `one of a ${kind === "list" ? "list" : "saved group"} of ${LENGTH.toLocaleString("en")}`,
  unit: "ns",
  participants: [sortition, vendor, facade].flatMap((peer) => [
    asking(peer, "hit", kind === "group"),
    asking(peer, "miss", kind === "group"),
  ]),
  effort: {
    full: { rounds: 15, operations: 100_000, warmUpOperations: 100_000 },
    quick: { rounds: 4, operations: 100_000, warmUpOperations: 50_000 },
  },
  collectsGarbage: false,
  targets: [
    faster(sortition, "hit", 80),
    faster(sortition, "miss", 150),
    faster(facade, "hit", 2),
    faster(facade, "miss", 2),
    near("hit", "miss"),
    near("miss", "hit"),
  ],
  findFault: ({ hit = [], miss = [] }) =>
    hit.every((it) => it === "invited") && miss.every((it) => it === "none")
      ? null
      : "a subject has the answer of another",
}));

function faster(peer: Peer, luck: Luck, atLeast: number): Cell["targets"][number] {
  const [participant, than] = [nameOf(peer, luck), nameOf(vendor, luck)];
  return { kind: "speed-up", participant, than, atLeast };
}

function near(luck: Luck, other: Luck): Cell["targets"][number] {
  const [participant, over] = [nameOf(sortition, luck), nameOf(sortition, other)];
  return { kind: "ratio", participant, over, atMost: 1.5 };
}

function nameOf(peer: Peer, luck: Luck): string {
  return `${peer.name}, ${luck}`;
}

function asking(peer: Peer, luck: Luck, isGroup: boolean): Participant {
  const offset = luck === "hit" ? 0 : LENGTH;
  return assigning(peer, {
    name: nameOf(peer, luck),
    topic: luck,
    share: peer === vendor ? 0.02 : 1,
    sampleSize: 200,
    feature: FEATURE,
    bytes: () => bytes(isGroup),
    visitors: () =>
      shortSubjectKeys(20_000).map((key, i) => ({
        key,
        // Visitors are in another order than the list.
        attributes: { account: received(accountOf(((i * 7_919) % LENGTH) + offset)) },
      })),
  });
}

function bytes(isGroup: boolean): Uint8Array {
  const values = Array.from({ length: LENGTH }, (_, i) => accountOf(i));
  const test = isGroup ? { $inGroup: "accounts" } : { $in: values };
  return payloadBytes(
    {
      [FEATURE]: {
        defaultValue: "none",
        rules: [{ condition: { account: test }, force: "invited" }],
      },
    },
    isGroup ? { savedGroups: { accounts: values } } : {},
  );
}
