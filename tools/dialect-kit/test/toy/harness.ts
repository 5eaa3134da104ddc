import { webcrypto } from "node:crypto";
import type { DialectCall, DialectHarness } from "../../src/dialect-contract/harness.js";
import { toy } from "../../src/toy-dialect/dialect.js";
import { toyExplainer } from "../../src/toy-explainer/toy-explainer.js";

/** The key with which the payload is encrypted. */
const TOY_KEY: webcrypto.CryptoKey = await webcrypto.subtle.importKey(
  "raw",
  Uint8Array.from({ length: 16 }, (_, i) => i),
  "AES-GCM",
  false,
  ["encrypt", "decrypt"],
);

const VARIATIONS = {
  on: {
    boolean: true,
    string: "ultramarine",
    integer: 3,
    numeric: 0.5,
    json: { layout: ["wide"] },
  },
  off: { boolean: false, string: "grey", integer: "three", numeric: null },
};

/** A rule for subjects with a nested attribute. */
const GOLD = { when: { "plan.tier": ["gold"] }, variation: "on" };

/** The flags of the valid payload. */
function toyFlags(off: unknown = "grey"): object {
  return {
    flags: [
      { key: "colour", rules: [GOLD, { variation: "off" }], variations: changed(off) },
      { key: "beta", rules: [{ cohort: "testers", variation: "on" }], variations: VARIATIONS },
      { key: "checkout", requires: { beta: "on" }, rules: [GOLD], variations: VARIATIONS },
      { key: "chicken", requires: { egg: "on" }, rules: [GOLD], variations: VARIATIONS },
      { key: "egg", requires: { chicken: "on" }, rules: [GOLD], variations: VARIATIONS },
      { key: "half", rules: [{ percent: 50, variation: "on" }], variations: VARIATIONS },
    ],
  };
}

function changed(off: unknown): object {
  return { ...VARIATIONS, off: { ...VARIATIONS.off, string: off } };
}

function percentFlag(key: string, percent: number): object {
  return { key, rules: [{ percent, variation: "on" }], variations: VARIATIONS };
}

const ALICE = { subjectKey: "alice", attributes: { plan: { tier: "gold" } } };
const BOB = { subjectKey: "bob", attributes: { plan: { tier: "free" } } };

const CALLS: readonly DialectCall[] = [
  { ...ALICE, flagKey: "colour", type: "string", value: "ultramarine" },
  { ...ALICE, flagKey: "colour", type: "boolean", value: true },
  { ...ALICE, flagKey: "colour", type: "integer", value: 3 },
  { ...ALICE, flagKey: "colour", type: "numeric", value: 0.5 },
  { ...ALICE, flagKey: "colour", type: "json", value: { layout: ["wide"] } },
  { ...BOB, flagKey: "colour", type: "string", value: "grey" },
  // Its values are a string and `null`, and neither fits the getter.
  { ...BOB, flagKey: "colour", type: "integer" },
  { ...BOB, flagKey: "colour", type: "numeric" },
  // There is no value of that type.
  { ...BOB, flagKey: "colour", type: "json" },
  { ...ALICE, flagKey: "beta", type: "boolean", value: true },
  { ...BOB, flagKey: "beta", type: "boolean" },
  { ...ALICE, flagKey: "checkout", type: "boolean", value: true },
  { ...BOB, flagKey: "checkout", type: "boolean" },
  // These flags require each other.
  { ...ALICE, flagKey: "chicken", type: "boolean", reason: "SORTITION_EVALUATION" },
  { ...ALICE, flagKey: "egg", type: "boolean", reason: "SORTITION_EVALUATION" },
  { ...ALICE, flagKey: "missing", type: "boolean", reason: "flag-not-found" },
];

/** The toy, with encrypted flags and a cohort. */
export const TOY_HARNESS: DialectHarness = {
  name: "toy",
  createDialect: () => toy({ key: TOY_KEY, subtle: webcrypto.subtle }),
  documents: { flags: toyFlags(), cohorts: { testers: ["alice"] } },
  encode: encodeToy,
  calls: CALLS,
  exposures: {
    call: { ...ALICE, flagKey: "checkout", type: "boolean" },
    events: ["beta-rule-0 on", "checkout-rule-0 on"],
  },
  independentFlag: { key: "colour", part: "flags", path: ["flags", 0] },
  changedFlag: {
    key: "colour",
    documents: { flags: toyFlags("black"), cohorts: { testers: ["alice"] } },
  },
  changedSharedPart: {
    documents: { flags: toyFlags(), cohorts: { testers: ["carol"] } },
    call: { ...ALICE, flagKey: "beta", type: "boolean" },
  },
  confidential: ["ultramarine", "grey", "wide"],
  halves: { flags: { flags: [percentFlag("half", 50)] }, cohorts: {} },
  experiments: {
    flags: { flags: [percentFlag("fifth", 20), percentFlag("most", 80)] },
    cohorts: {},
  },
  explainer: toyExplainer,
};

/** Encrypts flags like the toy's server. Cohorts are plain. */
async function encodeToy(part: string, text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  if (part !== "flags") return bytes;
  // A real server never reuses a nonce. Here, equal text must produce equal bytes.
  const iv = new Uint8Array(await webcrypto.subtle.digest("SHA-256", bytes)).slice(0, 12);
  const data = await webcrypto.subtle.encrypt({ name: "AES-GCM", iv }, TOY_KEY, bytes);
  return Uint8Array.from([...iv, ...new Uint8Array(data)]);
}
