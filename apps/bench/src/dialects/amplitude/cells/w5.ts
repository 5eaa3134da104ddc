import type { Cell, Participant } from "../../../cells/cell.js";
import { evenLuck, fasterThan, LONG_LIST, withLuck } from "../../../cells/long-list.js";
import { accountFor, LIST_LENGTH, type Luck, listedAccounts } from "../../../workload/accounts.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { facade, native, type Peer, vendor } from "../peers.js";
import { type CohortBody, condition, flagOf, visitors } from "../workload.js";
import { asking } from "./asking.js";

const FLAG_KEY = "early-access";
const MEMBERS = 1_000_000;
const IN_COHORT = "sortition, cohort of 1,000,000";

/** One flag for the accounts of a long list, and for the members of a large cohort. */
export const w5: Cell = {
  id: "W5",
  title: `one of a list of ${LIST_LENGTH.toLocaleString("en")}`,
  ...LONG_LIST,
  participants: [
    listed(native, "hit"),
    listed(native, "miss"),
    listed(facade, "hit"),
    listed(vendor, "hit"),
    listed(vendor, "miss"),
    inCohort(),
  ],
  targets: [
    ...(["hit", "miss"] as const).map((luck) => fasterThan(vendor, native, luck, 800)),
    ...evenLuck(native),
    { kind: "ratio", participant: IN_COHORT, over: withLuck(native, "hit"), atMost: 1.5 },
  ],
  findFault: ({ hit = [], member = [], miss = [] }) =>
    [...hit, ...member].every((it) => it === "on") && miss.every((it) => it === "")
      ? null
      : "a user has the answer of another",
};

function listed(peer: Peer, luck: Luck): Participant {
  return asking(peer, {
    name: withLuck(peer, luck),
    topic: luck,
    share: peer === vendor ? 0.002 : 1,
    sampleSize: 200,
    content: () => ({
      flags: [
        flagOf(FLAG_KEY, [
          { conditions: [[condition("account", "is", listedAccounts())]], variant: "on" },
        ]),
      ],
    }),
    flagKey: FLAG_KEY,
    visitors: () => visitors(shortSubjectKeys(20_000), (i) => ({ account: accountFor(i, luck) })),
  });
}

function inCohort(): Participant {
  const selector = ["context", "user", "cohort_ids"];
  const memberOf = (i: number): string => `member-${String(i).padStart(7, "0")}`;
  return asking(native, {
    name: IN_COHORT,
    topic: "member",
    sampleSize: 200,
    content: () => ({
      flags: [
        flagOf(FLAG_KEY, [
          {
            conditions: [[{ selector, op: "set contains any", values: ["early"] }]],
            variant: "on",
          },
        ]),
      ],
      cohort: cohortOf(Array.from({ length: MEMBERS }, (_, i) => memberOf(i))),
    }),
    flagKey: FLAG_KEY,
    // As many users as in the other rows, so that the processor's caches hold as much.
    visitors: () =>
      visitors(Array.from({ length: 10_000 }, (_, i) => memberOf((i * 7_919) % MEMBERS))),
  });
}

/** A cohort of users. */
export function cohortOf(memberIds: readonly string[]): CohortBody {
  const facts = { groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified: 2 };
  return { cohortId: "early", ...facts, size: memberIds.length, memberIds };
}
