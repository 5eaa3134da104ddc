import { type Cell, EVALUATION_EFFORT } from "../../../cells/cell.js";
import { definitionBytes, HALVES, halves, shopFlags } from "../definitions.js";
import { facade, native, vendor } from "../peers.js";
import {
  asking,
  askingAll,
  findFaultOfValues,
  type Questions,
  speedUps,
  visitorsWith,
} from "./asking.js";
import { ONE_SHA1, oneSha1 } from "./sha1-floor.js";

const FLAG_KEY = "new-checkout";
const OUR_W1 = "sortition, W1";

const QUESTIONS: Questions = {
  bytes: () => definitionBytes([halves(FLAG_KEY)]),
  visitors: () => visitorsWith(),
  ask: (client, visitor) => client.variant(FLAG_KEY, visitor),
};

/** One experiment, half control and half test. */
export const w1: Cell = {
  id: "W1",
  title: "one 50/50 flag, distinct people",
  unit: "ns",
  participants: [...askingAll(QUESTIONS), oneSha1(FLAG_KEY)],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    ...speedUps(60),
    { kind: "ratio", participant: native.name, over: ONE_SHA1, atMost: 2 },
  ],
  findFault: ({ values = [] }) => findFaultOfValues(values, HALVES),
};

const MANY: Questions = {
  ...QUESTIONS,
  bytes: () => definitionBytes([...shopFlags(1_000), halves(FLAG_KEY)]),
};

/** The same with many other flags. */
export const w11: Cell = {
  ...w1,
  id: "W11",
  title: "W1 with 1,000 other flags",
  participants: [
    ...[native, vendor, facade].map((peer) => asking(peer, MANY)),
    asking(native, { ...QUESTIONS, name: OUR_W1 }),
    oneSha1(FLAG_KEY),
  ],
  targets: [...w1.targets, { kind: "ratio", participant: native.name, over: OUR_W1, atMost: 1.3 }],
};
