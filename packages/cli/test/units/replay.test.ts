import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, parseLines, run, tempFile } from "../run.js";
import type { LoggedExposure } from "../srm/simulated.js";
import { logged, srm } from "./logged.js";
import { GROUPING_VENDORS } from "./vendors.js";

/** Returns the number of rows by kind, without the kinds that no row has. */
async function replay(
  dialect: string,
  payload: object,
  rows: readonly object[],
  ...more: readonly string[]
) {
  const events = tempFile("replay.ndjson", ndjson(rows));
  const config = jsonFile("replay.json", payload);
  const args = ["replay", events, "--config", config, "--dialect", dialect, "--json", ...more];
  const { stdout } = await run(args);
  const { total } = parseLines(stdout).at(-1) as unknown as {
    total: Readonly<Record<string, number>>;
  };
  return Object.fromEntries(Object.entries(total).filter(([, n]) => n > 0));
}

describe("replay of experiments that are split by groups", () => {
  it.each(GROUPING_VENDORS)(
    "takes the subjects of a table of $name for groups if their column is named so, as srm does",
    async ({ attributesOf, column, dialect, name, payloadOf }) => {
      const payload = payloadOf(["test"]);
      // Each group has one member, whose key is the group.
      const groups = Array.from({ length: 300 }, (_, i) => `group-${i}`);
      const rows = logged(dialect, payload, () => {
        return groups.map((key) => ({ key, attributes: attributesOf(key) }));
      }) as readonly LoggedExposure[];
      const tableOf = (subject: string): readonly object[] =>
        rows.map((it, i) => {
          const { allocation, featureFlag: flag, timestamp: time, variation } = it;
          return { flag, allocation, variation, time, [subject]: groups[i] };
        });
      const map = (subject: string): string =>
        `flag=flag,allocation=allocation,variation=variation,time=time,subject=${subject}`;
      const byGroup = tableOf(column);
      const right = { right: rows.length };
      expect(await replay(name, payload, byGroup, "--map", map(column))).toEqual(right);
      const { verdicts } = await srm(name, payload, byGroup, "--map", map(column));
      expect(verdicts).toMatchObject([{ verdict: "none", subjects: groups.length }]);
      const byUser = await replay(name, payload, tableOf("user"), "--map", map("user"));
      expect(byUser).toEqual({ "attributes-missing": rows.length });
    },
  );
});
