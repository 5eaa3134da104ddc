import type { Cell, Participant } from "../../../cells/cell.js";
import { evenLuck, fasterThan, LONG_LIST, withLuck } from "../../../cells/long-list.js";
import { accountFor, LIST_LENGTH, type Luck, listedAccounts } from "../../../workload/accounts.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { payloadBytes } from "../features.js";
import { facade, type Peer, sortition, vendor } from "../peer.js";
import { assigning } from "./assigning.js";

const FEATURE = "early-access";

/** A long list in the condition of a feature, and the same list as a saved group. */
export const w5: readonly Cell[] = (["list", "group"] as const).map((kind) => ({
  id: kind === "list" ? "W5" : "W5-group",
  title: `one of a ${kind === "list" ? "list" : "saved group"} of ${LIST_LENGTH.toLocaleString("en")}`,
  ...LONG_LIST,
  participants: [sortition, vendor, facade].flatMap((peer) => [
    asking(peer, "hit", kind === "group"),
    asking(peer, "miss", kind === "group"),
  ]),
  targets: [
    fasterThan(vendor, sortition, "hit", 80),
    fasterThan(vendor, sortition, "miss", 150),
    fasterThan(vendor, facade, "hit", 2),
    fasterThan(vendor, facade, "miss", 2),
    ...evenLuck(sortition),
  ],
  findFault: ({ hit = [], miss = [] }) =>
    hit.every((it) => it === "invited") && miss.every((it) => it === "none")
      ? null
      : "a subject has the answer of another",
}));

function asking(peer: Peer, luck: Luck, isGroup: boolean): Participant {
  return assigning(peer, {
    name: withLuck(peer, luck),
    topic: luck,
    share: peer === vendor ? 0.02 : 1,
    sampleSize: 200,
    feature: FEATURE,
    bytes: () => bytes(isGroup),
    visitors: () =>
      shortSubjectKeys(20_000).map((key, i) => ({
        key,
        attributes: { account: accountFor(i, luck) },
      })),
  });
}

function bytes(isGroup: boolean): Uint8Array {
  const values = listedAccounts();
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
