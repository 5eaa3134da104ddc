import { type Cell, EVALUATION_EFFORT } from "../../../cells/cell.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { facade, native, type Peer, vendor } from "../peers.js";
import {
  condition,
  findFaultOfHalves,
  flagOf,
  half,
  halves,
  shopFlag,
  visitors,
} from "../workload.js";
import { asking, type Questions } from "./asking.js";
import { MURMUR_AND_LOOK_UP, murmurFloor } from "./murmur-floor.js";

const FLAG_KEY = "new-checkout";
const OUR_W1 = "sortition, W1";
const OTHERS = 1_000;
const SEGMENTS = 20;

const HALVES: Questions = {
  content: () => ({ flags: [halves(FLAG_KEY)] }),
  flagKey: FLAG_KEY,
  visitors: () => visitors(shortSubjectKeys()),
};

/** At least so many times as fast as the vendor's. */
function speedUp(peer: Peer, atLeast: number): Cell["targets"][number] {
  return { kind: "speed-up", participant: peer.name, than: vendor.name, atLeast };
}

function cell(id: string, title: string, questions: Questions, atLeast: number): Cell {
  return {
    id,
    title,
    unit: "ns",
    participants: [asking(native, questions), asking(facade, questions), asking(vendor, questions)],
    effort: EVALUATION_EFFORT,
    collectsGarbage: false,
    targets: [speedUp(native, atLeast), speedUp(facade, 2)],
    findFault: ({ values = [] }) => findFaultOfHalves(values),
  };
}

const plain = cell("W1", "one 50/50 flag, distinct users", HALVES, 4);

/** One flag, half on and half off. */
export const w1: Cell = {
  ...plain,
  participants: [...plain.participants, murmurFloor(FLAG_KEY, shortSubjectKeys)],
  targets: [
    ...plain.targets,
    { kind: "ratio", participant: native.name, over: MURMUR_AND_LOOK_UP, atMost: 2.5 },
  ],
};

const MANY: Questions = {
  ...HALVES,
  sampleSize: 200,
  content: () => ({
    flags: [...Array.from({ length: OTHERS }, (_, i) => shopFlag(i)), halves(FLAG_KEY)],
  }),
};

/** The same with many other flags loaded. */
export const w11: Cell = {
  ...plain,
  id: "W11",
  title: "W1 with 1,000 other flags loaded",
  participants: [
    asking(native, MANY),
    asking(facade, MANY),
    asking(vendor, { ...MANY, share: 0.01 }),
    asking(native, { ...HALVES, name: OUR_W1, topic: "alone" }),
    murmurFloor(FLAG_KEY, shortSubjectKeys),
  ],
  targets: [
    speedUp(native, 4),
    speedUp(facade, 300),
    { kind: "ratio", participant: native.name, over: OUR_W1, atMost: 1.3 },
    { kind: "ratio", participant: native.name, over: MURMUR_AND_LOOK_UP, atMost: 2.5 },
  ],
  findFault: ({ values = [] }) => (values.length === 200 ? null : "there are too few answers"),
};

const COUNTRIES = ["DE", "FR", "IT", "PL", "ES"];

/** One flag for users of some countries with a version. */
export const w2: Cell = cell(
  "W2",
  "one of 5 countries and a version bound, then a 50/50 split",
  {
    content: () => ({
      flags: [
        flagOf(FLAG_KEY, [
          half(FLAG_KEY, [
            [
              condition("market", "is", COUNTRIES),
              condition("app", "version greater or equal", ["3.2.0"]),
            ],
          ]),
        ]),
      ],
    }),
    flagKey: FLAG_KEY,
    visitors: () =>
      visitors(shortSubjectKeys(), (i) => ({
        market: COUNTRIES[i % COUNTRIES.length] ?? "DE",
        app: `3.${2 + (i % 7)}.${i % 10}`,
      })),
  },
  8,
);

/** One flag with many segments, of which only the last one holds. */
export const w3: Cell = cell(
  "W3",
  `${SEGMENTS} segments, the last one matches`,
  {
    content: () => ({
      flags: [
        flagOf(
          FLAG_KEY,
          Array.from({ length: SEGMENTS }, (_, i) =>
            half(FLAG_KEY, [
              [condition("plan", "is", [`plan-${i}`]), condition("age", "greater", ["17"])],
            ]),
          ),
        ),
      ],
    }),
    flagKey: FLAG_KEY,
    visitors: () =>
      visitors(shortSubjectKeys(), () => ({ plan: `plan-${SEGMENTS - 1}`, age: "34" })),
  },
  8,
);
