import { type Cell, EVALUATION_EFFORT } from "../../../cells/cell.js";
import { createRandom } from "../../../workload/random.js";
import { conditionOf, definitionBytes, filterOf, flagOf } from "../definitions.js";
import { native, type Visitor } from "../peers.js";
import { askingAll, findFaultOfValues, type Questions, speedUps, visitorsWith } from "./asking.js";
import { TWO_SHA1, twoSha1 } from "./sha1-floor.js";

const FLAG_KEY = "search-ranking";
const COUNTRIES = ["DE", "FR", "IT", "PL", "ES"];
const VARIANTS = ["control", "popular-first", "recent-first"];
const RULES = 20;

const QUESTIONS: Questions = {
  bytes: () => targetedBytes(100),
  visitors: searchers,
  ask: (client, visitor) => client.variant(FLAG_KEY, visitor),
};

/** One flag with filters and three variants; it does not target one person in ten. */
export const w2: Cell = {
  id: "W2",
  title: "one of 5 countries and a version bound, then a 3-way split",
  unit: "ns",
  participants: askingAll(QUESTIONS),
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: speedUps(60),
  findFault: ({ values = [] }) => findFaultOfValues(values, [...VARIANTS, false]),
};

/** The same for a share of those who pass: two hashes. */
export const w2Rollout: Cell = {
  ...w2,
  id: "W2-rollout",
  title: "W2 for 80 % of those who pass: rollout and variants are hashed",
  participants: [...askingAll({ ...QUESTIONS, bytes: () => targetedBytes(80) }), twoSha1(FLAG_KEY)],
  targets: [
    ...speedUps(40),
    { kind: "ratio", participant: native.name, over: TWO_SHA1, atMost: 2 },
  ],
};

/** A flag with many condition groups, of which the last one applies. */
export const w3: Cell = {
  id: "W3",
  title: `${RULES} condition groups of two filters, the last one applies`,
  unit: "ns",
  participants: askingAll({
    bytes: manyGroupsBytes,
    visitors: () => visitorsWith(() => ({ plan: `plan-${RULES - 1}`, country: "DE" })),
    ask: (client, visitor) => client.isOn(FLAG_KEY, visitor),
  }),
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: speedUps(60),
  findFault: ({ values = [] }) => (values.every((it) => it === true) ? null : "a flag is off"),
};

function searchers(): readonly Visitor[] {
  const random = createRandom(2);
  const oneInTwenty = (): boolean => random() < 0.05;
  return visitorsWith(() => ({
    country: oneInTwenty() ? "BR" : (COUNTRIES[Math.floor(random() * COUNTRIES.length)] ?? "DE"),
    appVersion: oneInTwenty() ? "2.3.9" : `2.${4 + Math.floor(random() * 20)}.1`,
  }));
}

function targetedBytes(rollout: number): Uint8Array {
  const filters = [
    filterOf("country", "exact", COUNTRIES),
    filterOf("appVersion", "semver_gte", "2.4.0"),
  ];
  return definitionBytes([flagOf(FLAG_KEY, [conditionOf(filters, rollout)], VARIANTS)]);
}

function manyGroupsBytes(): Uint8Array {
  const groups = Array.from({ length: RULES }, (_, i) =>
    conditionOf([
      filterOf("country", "exact", ["DE", "FR"]),
      filterOf("plan", "exact", [`plan-${i}`]),
    ]),
  );
  return definitionBytes([flagOf(FLAG_KEY, groups, [])]);
}
