import { setImmediate } from "node:timers/promises";
import { type Configuration, DecodeError } from "@sortition/core";
import { isInPart, isWhole } from "@sortition/test-kit";
import { expect } from "vitest";
import { Random, seedOr } from "../differential/random.js";
import { HOSTILE_VALUES } from "../fuzz/hostile-values.js";
import { pathsOf, pathText } from "../fuzz/json-path.js";
import { longLists } from "../fuzz/long-lists.js";
import { mutationText } from "../fuzz/mutation.js";
import type { DialectCheck } from "./check.js";
import { countErrors } from "./count-errors.js";
import { askDetails, askValue, VALUE_TYPES, withEachType } from "./getters.js";
import type { DialectHarness } from "./harness.js";
import { clientOf, compile, configurationOf, mutatedBodies, payloadsOf } from "./payloads.js";

/** Number of mutations of a payload. Long tests and a dialect's own fuzzer try more. */
const MUTATIONS = isWhole ? 20 : 4;
const SEED = seedOr(20_261_009);
/** One in this many mutations inserts a long list. */
const ROUNDS_PER_LONG_LIST = 40;
const LONG_LISTS = longLists(100_000);
/** Maximum number of errors that one evaluation, or decoding one flag, creates. */
const MAX_ERRORS = 500;

const ATTRIBUTES: readonly unknown[] = [
  null,
  undefined,
  "text",
  5,
  [],
  { a: { b: { c: [{}] } }, plan: null, age: Number.NaN, id: {} },
  { toString: 1, askValue: 1, constructor: 1, hasOwnProperty: 1 },
  Object.create(null, { a: { value: Object.create(null), enumerable: true } }),
  { a: Symbol("a"), b: 1n, c: () => 1, d: new Date(Number.NaN), e: new Map() },
];

/** Rules about malformed payloads. */
export const HOSTILE: readonly DialectCheck[] = [
  {
    name: "never throws for any JSON, except a DecodeError for the whole payload",
    async check(harness) {
      await checkMutations(harness, MUTATIONS);
    },
  },
  {
    name: "rejects bytes in another format with a DecodeError",
    async check(harness) {
      const dialect = harness.createDialect();
      const [part = ""] = Object.keys(harness.documents);
      for (const text of ["", " ", "{", "\u0000", "[".repeat(20_000), "null", "<html>"]) {
        const bytes = new TextEncoder().encode(text);
        const compiling = compile(dialect, payloadsOf({ [part]: bytes }));
        await expect(compiling, JSON.stringify(text.slice(0, 9))).rejects.toBeInstanceOf(
          DecodeError,
        );
      }
      await expect(compile(dialect, [])).rejects.toBeInstanceOf(DecodeError);
    },
  },
  {
    name: "is not affected by one bad flag in other flags",
    async check(harness) {
      const { key, part, path } = harness.independentFlag;
      const others = harness.calls.filter(({ flagKey }) => flagKey !== key);
      const expected = clientOf(await configurationOf(harness));
      const answers = others.map((call) => askValue(expected, call));
      const inside = pathsOf(harness.documents[part]).filter((it) => it.length === path.length + 1);
      const places = [path, ...inside.filter((it) => isBelow(it, path))];
      // Removing an element moves the later elements of a list up, which is a different change than a bad flag.
      const values = HOSTILE_VALUES.filter(({ json }, i) => json !== null && isInPart(i, 1));
      for (const [index, value] of values.entries()) {
        const place = places[index % places.length] ?? path;
        const bodies = await mutatedBodies(harness, part, { path: place, value });
        const client = clientOf(await compile(harness.createDialect(), payloadsOf(bodies)));
        expect(
          others.map((call) => askValue(client, call)),
          `${pathText(place)} ← ${value.name}`,
        ).toEqual(answers);
      }
    },
  },
  {
    name: "never throws for any attributes",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const { flagKey } of harness.calls) {
        for (const attributes of ATTRIBUTES) {
          for (const type of VALUE_TYPES) {
            const call = { flagKey, subjectKey: "subject", attributes: attributes as never, type };
            askDetails(client, call);
            askValue(client, call);
          }
        }
      }
    },
  },
  {
    name: "reports issues with its own codes and their flags",
    async check(harness) {
      const { issueCodes = ["malformed"] } = harness.createDialect();
      const { key, part, path } = harness.independentFlag;
      const found: string[] = [];
      const nodes = pathsOf(harness.documents[part]).filter((it) => isBelow(it, path));
      for (const node of nodes.filter((_, i) => isInPart(i))) {
        const value = { name: "object", json: '{"toString":1}' };
        const bodies = await mutatedBodies(harness, part, { path: node, value });
        const configuration = await compile(harness.createDialect(), payloadsOf(bodies));
        const { issues } = configuration;
        expect(configuration.issueCount).toEqual({ found: issues.length, complete: true });
        for (const { code, flagKey, path: where } of issues) {
          expect(issueCodes).toContain(code);
          expect(where).toMatch(/^\$/);
          if (flagKey !== null) found.push(flagKey);
        }
      }
      expect([...new Set(found)]).toEqual([key]);
    },
  },
];

/**
 * Compiles and uses payloads with one node replaced, with risky patterns accepted and rejected.
 *
 * @throws if a payload causes anything but a `DecodeError`, or too many errors.
 */
export async function checkMutations(harness: DialectHarness, count: number): Promise<void> {
  const forms = [false, true].map((refuseRiskyPatterns) => ({
    refuseRiskyPatterns,
    dialect: harness.createDialect({ refuseRiskyPatterns }),
  }));
  const valid = await Promise.all(forms.map(({ dialect }) => configurationOf(harness, dialect)));
  for await (const { bodies, mutation, part } of mutations(harness, count)) {
    for (const [i, { dialect, refuseRiskyPatterns }] of forms.entries()) {
      const what = `${part}: ${mutationText(mutation)} (refuseRiskyPatterns: ${refuseRiskyPatterns}, SORTITION_SEED=${SEED})`;
      const former = valid[i] as Configuration; // there is one per form
      try {
        const configuration = await compile(dialect, payloadsOf(bodies), former);
        useAll(configuration, former, harness);
        useAll(former, configuration, harness);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw new Error(what, { cause: error });
      }
    }
    // Clients do some work when they are idle. If they never are, this work accumulates, and an
    // evaluation would include the collection of a gigabyte.
    await setImmediate();
  }
}

/** Yields payloads with one node replaced. A seed always yields the same ones. */
async function* mutations(harness: DialectHarness, count: number) {
  const random = new Random(SEED);
  const places = Object.entries(harness.documents).flatMap(([part, document]) =>
    pathsOf(document).map((path) => ({ part, path })),
  );
  // A part has no long list of so many elements, which takes longer than all other mutations.
  for (let i = isWhole ? 0 : 1; i < count; i++) {
    const { part, path } = random.pick(places);
    const value =
      i % ROUNDS_PER_LONG_LIST === 0
        ? random.deal("long lists", LONG_LISTS)
        : random.deal("values", HOSTILE_VALUES);
    const mutation = { path, value };
    yield { part, mutation, bodies: await mutatedBodies(harness, part, mutation) };
  }
}

function isBelow(path: readonly unknown[], ancestor: readonly unknown[]): boolean {
  return path.length > ancestor.length && ancestor.every((step, i) => step === path[i]);
}

/** Calls everything that clients, listeners and tools call. */
function useAll(
  configuration: Configuration,
  former: Configuration,
  harness: DialectHarness,
): void {
  const counted = (use: () => void): void => expect(countErrors(use)).toBeLessThan(MAX_ERRORS);
  for (const step = configuration.inspect(); step.next().done !== true; );
  for (const key of [...configuration.flagKeys, ...former.flagKeys, "no-such-flag", "__proto__"]) {
    configuration.isSameFlag(key, former);
    counted(() => configuration.flag(key));
  }
  configuration.warm();
  expect(typeof configuration.revision).toBe("string");
  expect(Array.isArray(configuration.issues)).toBe(true);
  const client = clientOf(former);
  client.on("configuration-changed", () => {});
  client.setConfiguration(configuration);
  for (const call of withEachType(harness.calls)) counted(() => askDetails(client, call));
  for (const key of configuration.flagKeys) harness.explainer?.describe(configuration, key);
}
