import { type Cell, EVALUATION_EFFORT } from "../../../cells/cell.js";
import { received, shortSubjectKeys } from "../../../workload/subjects.js";
import { payloadBytes } from "../features.js";
import { facade, sortition, vendor } from "../peer.js";
import { assigning, findFaultOfValues, type Visitor } from "./assigning.js";

const FEATURE = "discount";
const RULES = 20;
const QUESTIONS = { feature: FEATURE, bytes, visitors };

/** A feature with many rules, of which the last one applies. */
export const w3: Cell = {
  id: "W3",
  title: `${RULES} rules of two conditions, the last one applies`,
  unit: "ns",
  participants: [
    assigning(sortition, QUESTIONS),
    assigning(vendor, { ...QUESTIONS, share: 0.2 }),
    assigning(facade, QUESTIONS),
  ],
  effort: EVALUATION_EFFORT,
  collectsGarbage: false,
  targets: [
    { kind: "speed-up", participant: sortition.name, than: vendor.name, atLeast: 8 },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 2 },
  ],
  findFault: ({ values = [] }) => findFaultOfValues(values, [`value-${RULES - 1}`]),
};

function visitors(): readonly Visitor[] {
  return shortSubjectKeys().map((key) => ({
    key,
    attributes: { plan: received(`plan-${RULES - 1}`), country: received("DE") },
  }));
}

function bytes(): Uint8Array {
  const rules = Array.from({ length: RULES }, (_, i) => ({
    condition: { country: { $in: ["DE", "FR"] }, plan: `plan-${i}` },
    force: `value-${i}`,
  }));
  return payloadBytes({ [FEATURE]: { defaultValue: "none", rules } });
}
