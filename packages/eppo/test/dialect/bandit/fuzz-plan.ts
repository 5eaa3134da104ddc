import { inspect } from "node:util";
import {
  jsonTextOf,
  type NamedDifference,
  type Random,
  rawNumber,
} from "@sortition/dialect-kit/differential";
import type { FuzzPlan, JsonPath, Mutation } from "@sortition/dialect-kit/fuzz";
import { vi } from "vitest";
import { NOON_MS } from "../windows.js";
import { type BanditCall, generateCall } from "./calls.js";
import { type GeneratedBandits, generateBandits } from "./configurations.js";
import { type BanditCase, DELIBERATE, hasNoAction } from "./deliberate.js";
import { askVendor, createOurs, edgesOf } from "./plan.js";
import { BanditVendor } from "./vendor.js";

/** Bandit models, and calls. */
export interface ModelsSample {
  readonly document: unknown;
  readonly bandits: GeneratedBandits;
  readonly calls: readonly BanditCall[];
}

/** A call with mutated models. */
export interface BanditFuzzCase extends BanditCase {
  readonly mutation: Mutation;
}

const FUZZ_DIFFERENCES: readonly NamedDifference<BanditFuzzCase>[] = [
  {
    name: "attribute of an inherited name without values",
    because:
      "`toString` is an ordinary attribute name, which is treated as missing. The vendor looks up the inherited member in values that do not exist, and fails",
    explains: (_, { mutation, edges, vendor }) =>
      mutation.path.at(-1) === "valueCoefficients" &&
      edges.includes("attribute of an inherited name") &&
      (vendor.threw || hasNoAction(vendor)),
  },
  {
    name: "key or version of a model that is not a string",
    because:
      "they are strings by their types. Otherwise, the model has the key of its member, and an empty version",
    explains: ({ path }, { mutation }) =>
      (isKeyOf(mutation, "banditKey") && /(^|\.)(banditKey|bandit)$/.test(path)) ||
      (isKeyOf(mutation, "modelVersion") && /(^|\.)modelVersion$/.test(path)),
  },
];

/** Whether a mutation replaced this member of a model, or the whole model. */
function isKeyOf({ path }: Mutation, name: string): boolean {
  return path.length === 2 || path.at(-1) === name;
}

/** Bodies of bandit models with one node replaced. */
export const MODELS_FUZZ: FuzzPlan<ModelsSample, BanditFuzzCase> = {
  name: "eppo bandit models",
  named: [...DELIBERATE, ...FUZZ_DIFFERENCES],
  sample(random: Random) {
    const bandits = generateBandits(random, 2);
    const calls = random.times(8, () => generateCall(random, bandits));
    return { document: JSON.parse(bandits.modelsText), bandits, calls };
  },
  async ask({ bandits, calls }, text, mutation) {
    vi.setSystemTime(NOON_MS);
    const vendor = new BanditVendor();
    await vendor.load(bandits.flagsText, text).catch(() => {});
    const ours = createOurs({ ...bandits, modelsText: text }, false);
    return calls.map((call) => ({
      call,
      ours: ours(call),
      vendor: askVendor(vendor, call),
      edges: edgesOf(call),
      mutation,
    }));
  },
  // A body without a map of models is rejected as a whole.
  isSpared: (path: JsonPath) => path.length < 2,
  print: (document) => jsonTextOf(withRawNumbers(document)),
  show: ({ call: { flag: _, ...asked }, edges }) => `${inspect(asked, { depth: 5 })}\n${edges}`,
};

function withRawNumbers(node: unknown): unknown {
  if (typeof node === "number" && !Number.isFinite(node))
    return rawNumber(node > 0 ? "1e999" : "-1e999");
  if (Array.isArray(node)) return node.map(withRawNumbers);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, it]) => [key, withRawNumbers(it)]));
}
