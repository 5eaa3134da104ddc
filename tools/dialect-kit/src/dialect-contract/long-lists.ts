import { DecodeError } from "@sortition/core";
import { growthOf, isInPart, isWhole } from "@sortition/test-kit";
import { expect } from "vitest";
import type { HostileValue } from "../fuzz/hostile-values.js";
import { type JsonPath, pathsOf, pathText } from "../fuzz/json-path.js";
import { listOf, longLists } from "../fuzz/long-lists.js";
import type { DialectCheck } from "./check.js";
import { countErrors } from "./count-errors.js";
import type { DialectHarness } from "./harness.js";
import { mutatedBodies, payloadsOf } from "./payloads.js";

/** Length of lists whose errors are counted. */
const LENGTH = 1_000;
/** Lengths of lists whose times are compared. */
const [FEW, MANY] = [100, 1_000];
/** Fewer than {@link LENGTH}, and more than two flags may create. */
const MAX_ERRORS = 500;

/** Rules about long lists of malformed elements. */
export const LONG_LISTS: readonly DialectCheck[] = [
  {
    name: "creates few errors for a long list of malformed elements",
    async check(harness) {
      for (const [row, { list, part, path }] of listsOf(harness).entries()) {
        const values = [...longLists(LENGTH), ...brokenCopies(list)];
        for (const value of values.filter((_, column) => isInPart(row, column))) {
          const compileAll = await compilerOf(harness, part, path, value);
          const errors = countErrors(compileAll);
          expect(errors, `${pathText(path)} ← ${value.name}`).toBeLessThan(MAX_ERRORS);
        }
      }
    },
  },
  {
    name: "takes at most twenty times as long for ten times as many elements",
    async check(harness) {
      const longer = longLists(MANY);
      for (const [row, { part, path }] of listsOf(harness).entries()) {
        for (const [i, value] of longLists(FEW).entries()) {
          if (!isWhole && i !== row % longer.length) continue;
          const compileFew = await compilerOf(harness, part, path, value);
          const compileMany = await compilerOf(harness, part, path, longer[i] as HostileValue); // of the same types
          const growth = growthOf({ small: compileFew, large: compileMany });
          expect(growth, `${pathText(path)} ← ${value.name}`).toBeLessThanOrEqual(20);
        }
      }
    },
  },
];

/** Returns the lists of the harness's documents, one for each kind of place. Flags have the same kinds of places. */
function listsOf({ documents, independentFlag }: DialectHarness) {
  const keyAt = independentFlag.path.length - 1;
  const places = new Set<string>();
  return Object.entries(documents).flatMap(([part, document]) =>
    pathsOf(document).flatMap((path) => {
      const list = path.reduce<unknown>((node, step) => Reflect.get(Object(node), step), document);
      const place =
        part +
        pathText(path.map((step, i) => (i === keyAt || typeof step === "number" ? 0 : step)));
      if (!Array.isArray(list) || places.has(place)) return [];
      places.add(place);
      return [{ part, path, list }];
    }),
  );
}

/** Returns lists of the first element, with one member that has no string form. */
function brokenCopies([element]: readonly unknown[]): readonly HostileValue[] {
  if (typeof element !== "object" || element === null || Array.isArray(element)) return [];
  return Object.keys(element).map((name) => {
    const broken = JSON.stringify({ ...element, [name]: { toString: 1, valueOf: 1 } });
    return listOf(`elements with a broken ${name}`, broken, LENGTH);
  });
}

/** Returns a function that compiles everything in a payload with one node replaced. */
async function compilerOf(
  harness: DialectHarness,
  part: string,
  path: JsonPath,
  value: HostileValue,
): Promise<() => void> {
  const dialect = harness.createDialect({ refuseRiskyPatterns: true });
  const payloads = payloadsOf(await mutatedBodies(harness, part, { path, value }));
  const prepared = (await dialect.prepare?.(payloads)) ?? null;
  return () => {
    try {
      const configuration = dialect.compile({ payloads, prepared, former: null });
      configuration.warm();
      for (const step = configuration.inspect(); step.next().done !== true; );
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error; // the whole payload is unusable
    }
  };
}
