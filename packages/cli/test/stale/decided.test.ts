import { seededRandom } from "@sortition/proof";
import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { DIALECTS } from "../../src/dialects/table.js";
import { decidedValues } from "../../src/stale/decided.js";
import { DIALECT_NAMES, generatedConfiguration } from "../types/generated-flags.js";
import { clientFor, GETTERS, type GetterType, observe, opened } from "../types/observed-calls.js";

/** The number of flags per dialect. The environment variable allows more for a single run. */
const FLAGS = Number(process.env["SORTITION_DECIDED_FLAGS"] ?? (isWhole ? 40 : 15));
const SUBJECTS = 500;

describe("a decided flag", () => {
  it.each(DIALECT_NAMES)(
    "of %s gives every subject the reported values, and every flag that does so is reported",
    async (name) => {
      const random = seededRandom(8_100 + name.length);
      const { keys, payload } = generatedConfiguration(name, random, FLAGS);
      const open = await opened(name, payload);
      const { configuration } = open;
      const client = clientFor(open);
      const dialect = await DIALECTS[name]?.();
      if (dialect === undefined) throw new Error(name);
      const options = { nowMs: Date.now(), withBandit: new Set<string>() };
      let count = 0;
      for (const key of keys) {
        const values = decidedValues(configuration, dialect.explainer, key, options);
        const observed = (Object.keys(GETTERS) as GetterType[]).map(
          (type) => [type, observe(client, key, type, SUBJECTS)] as const,
        );
        const given = observed.filter(([, it]) => it.values.size > 0);
        const isDecided =
          given.length > 0 && given.every(([, it]) => it.values.size === 1 && !it.hasDefault);
        const expected = isDecided
          ? Object.fromEntries(
              given.map(([type, it]) => [type, JSON.parse([...it.values][0] ?? "")]),
            )
          : null;
        expect({ key, values }).toEqual({ key, values: expected });
        if (isDecided) count += 1;
      }
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(FLAGS);
      if (FLAGS > 40) process.stderr.write(`${name}: ${count} of ${FLAGS} are decided\n`);
    },
    600_000,
  );
});
