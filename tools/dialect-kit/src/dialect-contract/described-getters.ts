import { expect } from "vitest";
import type { DialectCheck } from "./check.js";
import { askDetails, VALUE_TYPES } from "./getters.js";
import { clientOf, configurationOf } from "./payloads.js";

/** Rules about the getters that an explainer describes. */
export const DESCRIBED_GETTERS: readonly DialectCheck[] = [
  {
    name: "describes the getters that return values for a flag, and all of these values",
    async check(harness) {
      const { explainer } = harness;
      if (explainer === undefined) return;
      const configuration = await configurationOf(harness);
      const client = clientOf(configuration);
      const found = new Set<string>();
      for (const asked of harness.calls) {
        const key = explainer.payloadKey(configuration, asked.flagKey);
        const getters = key === null ? [] : explainer.gettersOf(configuration, key);
        for (const type of VALUE_TYPES) {
          const { isDefault, value } = askDetails(client, { ...asked, type });
          const getter = getters.find((it) => it.type === type);
          const call = `${asked.flagKey} as ${type}`;
          if (!isDefault) {
            found.add(call);
            expect(getter?.values, call).toContainEqual(value);
            expect(getter?.assigned, call).toContainEqual(value);
          } else expect(getter?.isForAll ?? false, call).toBe(false);
        }
      }
      expect(found.size).toBeGreaterThan(0);
    },
  },
];
