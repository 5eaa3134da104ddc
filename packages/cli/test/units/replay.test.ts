import { describe, expect, it } from "vitest";
import { ndjson, parseLines, run, tempFile } from "../run.js";
import { logged, members } from "./logged.js";
import { GROUPING_VENDORS } from "./vendors.js";

/** Returns the number of rows by kind, without the kinds that no row has. */
async function replay(dialect: string, payload: object, rows: readonly object[]) {
  const events = tempFile("replay.ndjson", ndjson(rows));
  const config = tempFile("replay.json", JSON.stringify(payload));
  const args = ["replay", events, "--config", config, "--dialect", dialect, "--json"];
  const { stdout } = await run(args);
  const { total } = parseLines(stdout).at(-1) as unknown as {
    total: Readonly<Record<string, number>>;
  };
  return Object.fromEntries(Object.entries(total).filter(([, n]) => n > 0));
}

describe("replay of experiments that are split by groups", () => {
  it.each(GROUPING_VENDORS)(
    "finds all rows of $name right with the group, and judges none without it",
    async ({ attributesOf, dialect, name, payloadOf }) => {
      const payload = payloadOf(["test"]);
      const rows = logged(dialect, payload, () => members(1, 300, attributesOf));
      const bare = rows.map((it) => ({ ...it, subjectAttributes: {} }));
      expect(await replay(name, payload, rows)).toEqual({ right: rows.length });
      expect(await replay(name, payload, bare)).toEqual({ "attributes-missing": rows.length });
    },
  );
});
