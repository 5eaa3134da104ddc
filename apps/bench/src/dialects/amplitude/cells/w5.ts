import type { Cell, Participant } from "../../../cells/cell.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { facade, native, type Peer, vendor } from "../peers.js";
import { type CohortBody, condition, flagOf, visitors } from "../workload.js";
import { asking } from "./asking.js";

const FLAG_KEY = "early-access";
const LIST_LENGTH = 10_000;
const MEMBERS = 1_000_000;
const IN_COHORT = "sortition, cohort of 1,000,000";
const accountOf = (i: number): string => `account-${String(1_000_000 + i * 37)}`;

type Luck = "hit" | "miss";

/** One flag for the accounts of a long list, and for the members of a large cohort. */
export const w5: Cell = {
  id: "W5",
  title: `one of a list of ${LIST_LENGTH.toLocaleString("en")}`,
  unit: "ns",
  participants: [
    listed(native, "hit"),
    listed(native, "miss"),
    listed(facade, "hit"),
    listed(vendor, "hit"),
    listed(vendor, "miss"),
    inCohort(),
  ],
  effort: {
    full: { rounds: 15, operations: 100_000, warmUpOperations: 100_000 },
    quick: { rounds: 4, operations: 100_000, warmUpOperations: 50_000 },
  },
  collectsGarbage: false,
  targets: [
    ...(["hit", "miss"] as const).map((luck): Cell["targets"][number] => ({
      kind: "speed-up",
      participant: nameOf(native, luck),
      than: nameOf(vendor, luck),
      atLeast: 800,
    })),
    {
      kind: "ratio",
      participant: nameOf(native, "hit"),
      over: nameOf(native, "miss"),
      atMost: 1.5,
    },
    {
      kind: "ratio",
      participant: nameOf(native, "miss"),
      over: nameOf(native, "hit"),
      atMost: 1.5,
    },
    { kind: "ratio", participant: IN_COHORT, over: nameOf(native, "hit"), atMost: 1.5 },
  ],
  findFault: ({ hit = [], member = [], miss = [] }) =>
    [...hit, ...member].every((it) => it === "on") && miss.every((it) => it === "")
      ? null
      : "a user has the answer of another",
};

function nameOf(peer: Peer, luck: Luck): string {
  return `${peer.name}, ${luck}`;
}

function listed(peer: Peer, luck: Luck): Participant {
  const offset = luck === "hit" ? 0 : LIST_LENGTH;
  const values = (): string[] => Array.from({ length: LIST_LENGTH }, (_, i) => accountOf(i));
  return asking(peer, {
    name: nameOf(peer, luck),
    topic: luck,
    share: peer === vendor ? 0.002 : 1,
    sampleSize: 200,
    content: () => ({
      flags: [
        flagOf(FLAG_KEY, [{ conditions: [[condition("account", "is", values())]], variant: "on" }]),
      ],
    }),
    flagKey: FLAG_KEY,
    visitors: () =>
      visitors(shortSubjectKeys(20_000), (i) => ({
        account: accountOf(((i * 7_919) % LIST_LENGTH) + offset),
      })),
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
