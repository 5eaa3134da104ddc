import type { Configuration } from "@sortition/core";
import { runAtOnce } from "@sortition/core/dialect";
import { expect } from "vitest";
import type { DialectCheck } from "./check.js";
import { askValue, DEFAULT_VALUE } from "./getters.js";
import {
  type Bodies,
  bodiesOf,
  clientOf,
  compile,
  configurationOf,
  payloadsOf,
} from "./payloads.js";

/** Rules about equal and changed bytes. */
export const IDENTITY: readonly DialectCheck[] = [
  {
    name: "has the same revision for the same bytes, and a different one for other bytes",
    async check(harness) {
      const bodies = await bodiesOf(harness, harness.documents);
      const first = await compile(harness.createDialect(), payloadsOf(bodies));
      const second = await compile(harness.createDialect(), payloadsOf(copied(bodies)));
      expect(second.revision).toBe(first.revision);
      expect(first.revision).toMatch(/^[0-9a-f]{16}$/);
      const other = await configurationOf(harness, undefined, harness.changedFlag.documents);
      expect(other.revision).not.toBe(first.revision);
    },
  },
  {
    name: "compiles in steps to the same result as at once",
    async check(harness) {
      const dialect = harness.createDialect();
      const payloads = payloadsOf(await bodiesOf(harness, harness.documents));
      const prepared = (await dialect.prepare?.(payloads)) ?? null;
      const steps = dialect.compileInSteps?.({ payloads, prepared, former: null });
      if (steps === undefined) return;
      const stepped = clientOf(runAtOnce(steps));
      const atOnce = clientOf(await compile(dialect, payloads));
      for (const call of harness.calls)
        expect(askValue(stepped, call)).toEqual(askValue(atOnce, call));
    },
  },
  {
    name: "adopts unchanged flags, and recognises changed ones",
    async check(harness) {
      const { documents, key: changedKey } = harness.changedFlag;
      const dialect = harness.createDialect();
      const former = await configurationOf(harness, dialect);
      // All flags are evaluated first, because an unused flag need not be adopted.
      const compiled = new Map([...former.flagKeys].map((key) => [key, former.flag(key)]));
      const next = await compile(dialect, payloadsOf(await bodiesOf(harness, documents)), former);
      expect(next.flagKeys.has(changedKey)).toBe(true);
      for (const [key, flag] of compiled) {
        const isSame = key !== changedKey;
        expect({ key, isSame: next.isSameFlag(key, former) }).toEqual({ key, isSame });
        expect({ key, isAdopted: next.flag(key) === flag }).toEqual({ key, isAdopted: isSame });
      }
    },
  },
  {
    name: "evaluates adopted flags with the shared parts of the configuration in use",
    async check(harness) {
      if (harness.changedSharedPart === undefined) return;
      const { call, documents } = harness.changedSharedPart;
      const dialect = harness.createDialect();
      const former = await configurationOf(harness, dialect);
      const before = askValue(clientOf(former), call);
      const next = await compile(dialect, payloadsOf(await bodiesOf(harness, documents)), former);
      const after = askValue(clientOf(next), call);
      expect(after).toEqual(Object.hasOwn(call, "value") ? call.value : DEFAULT_VALUE);
      expect(before).not.toEqual(after);
      expect(next.isSameFlag(call.flagKey, former)).toBe(false);
      // The former configuration still works, because calls in progress use it.
      expect(askValue(clientOf(former), call)).toEqual(before);
    },
  },
  {
    name: "finds its flags by their keys",
    async check(harness) {
      const configuration = await configurationOf(harness);
      for (const { flagKey } of harness.calls) expectKnown(configuration, flagKey);
      for (const key of ["no-such-flag", "__proto__", "constructor", ""]) {
        expect(configuration.flag(key)).toBeNull();
      }
    },
  },
];

function expectKnown(configuration: Configuration, key: string): void {
  const flag = configuration.flag(key);
  if (flag !== null) expect(flag.key).toBe(key);
  if (configuration.flagKeys.has(key)) expect(flag).not.toBeNull();
}

function copied(bodies: Bodies): Bodies {
  return Object.fromEntries(Object.entries(bodies).map(([part, bytes]) => [part, bytes.slice()]));
}
