import { Configuration, createClient } from "@sortition/core";
import { growthbook } from "@sortition/growthbook/dialect";
import { isInPart, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { ndjson, run, tempFile } from "../run.js";
import { DIALECTS, payloadOf, type Twin, type TwinDialect } from "../two-vendors/twins.js";

const VENDORS = ["eppo", "datadog", "growthbook", "launchdarkly"] as const;
const TYPES = ["boolean", "integer", "json"] as const;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const MAP = "flag=flag,subject=user,time=ts";

function flagOf(type: Twin["type"]): Twin {
  return { key: "f", type, rules: [], otherwise: { a: 50, b: 50 } };
}

/** Rows with the value that each subject gets. */
function rowsOf(name: TwinDialect, twin: Twin): readonly { readonly value: unknown }[] {
  const dialect = DIALECTS[name]() as never; // the dialects differ in their details
  const payloads = { flags: payloadOf(name, [twin]) };
  const client = createClient<object>({
    ...{ dialect, initialConfiguration: Configuration.from({ dialect, payloads }) },
    ...{ assignmentLogger: null, diagnostics: SILENT },
  });
  const valueFor = (subject: string): unknown => {
    if (twin.type === "boolean") return client.getBooleanAssignment("f", subject, {}, false);
    if (twin.type === "integer") return client.getIntegerAssignment("f", subject, {}, 0);
    return client.getJSONAssignment("f", subject, {}, {});
  };
  return Array.from({ length: 40 }, (_, i) => {
    return { flag: "f", user: `u-${i}`, value: valueFor(`u-${i}`), ts: "2026-02-01T12:00:00Z" };
  });
}

function csv(rows: readonly object[]): string {
  const cell = (value: unknown): string => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `"${text.replaceAll('"', '""')}"`;
  };
  const [first = {}] = rows;
  const lines = [Object.keys(first), ...rows.map((row) => Object.values(row))];
  return lines.map((line) => line.map(cell).join(",")).join("\n");
}

async function runOn(command: string, name: TwinDialect, twin: Twin, map: string, input: string) {
  const config = tempFile("flags.json", payloadOf(name, [twin]));
  return await run([command, "-", "--config", config, "--dialect", name, "--map", map], input);
}

describe("--map variation:value=COLUMN", () => {
  const cases = VENDORS.flatMap((name, i) =>
    TYPES.filter((_, j) => isWhole || (i + j) % 3 === 0).map((type) => ({ name, type })),
  );

  it.each(cases)("finds the variations of $type values of $name", async ({ name, type }) => {
    const twin = flagOf(type);
    const rows = rowsOf(name, twin);
    for (const input of [ndjson(rows), csv(rows)]) {
      const map = `${MAP},variation:value=value`;
      const replayed = await runOn("replay", name, twin, map, input);
      expect(replayed.stderr).toBe("");
      expect(replayed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("40 right") });
      const split = await runOn("srm", name, twin, map, input);
      expect(split.stderr).toBe("");
      expect(split).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("no mismatch") });
    }
  });

  const vendors = VENDORS.filter((_, i) => isInPart(i, 2));

  it.each(vendors)(
    "is proposed by replay and srm if variation=COLUMN has values of %s",
    async (name) => {
      const twin = flagOf("boolean");
      const input = csv(rowsOf(name, twin));
      for (const command of ["replay", "srm"]) {
        const { stderr } = await runOn(command, name, twin, `${MAP},variation=value`, input);
        expect(stderr).toMatch(
          /f: "(?:true|false)" is not the key of a variation, but the value of the variation \w+\. If the rows contain values, use --map flag=flag,subject=user,time=ts,variation:value=value\n/,
        );
        const keys = await runOn(
          command,
          name,
          twin,
          `${MAP},variation=value`,
          input.replaceAll(/"(?:true|false)"/g, '"0"'),
        );
        expect(keys.stderr).not.toContain("variation:value");
      }
    },
  );

  it.each(vendors)("refuses a value that several variations of %s have", async (name) => {
    const twin = { ...flagOf("integer"), values: { a: 1, b: 1, c: 3 } };
    for (const command of ["replay", "srm"]) {
      const map = `${MAP},variation:value=value`;
      const { exitCode, stderr } = await runOn(
        command,
        name,
        twin,
        map,
        ndjson(rowsOf(name, twin)),
      );
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /line 1: variation: several variations have the logged value: \w+ and \w+\. Export the key/,
      );
    }
  });
});

describe("An experiment table that names variations by key or by index", () => {
  /** Rows of the table by the key that each subject gets, as text of its variation. */
  const tableOf = (keys: readonly string[], textOf: (key: string) => string, isSorted = false) => {
    const rule = { key: "f", variations: ["x", "y"], meta: keys.map((key) => ({ key })) };
    const payload = JSON.stringify({ features: { f: { defaultValue: "x", rules: [rule] } } });
    const dialect = growthbook();
    const client = createClient({
      ...{ dialect, assignmentLogger: null, diagnostics: SILENT },
      initialConfiguration: Configuration.from({ dialect, payloads: { flags: payload } }),
    });
    const rows = Array.from({ length: 400 }, (_, i) => {
      const key = keys[client.getStringAssignment("f", `u-${i}`, {}, "") === "x" ? 0 : 1] ?? "";
      return { user_id: `u-${i}`, timestamp: TIME, experiment_id: "f", variation_id: textOf(key) };
    });
    if (isSorted)
      rows.sort((a, b) => Number(b.variation_id === "1") - Number(a.variation_id === "1"));
    return { config: tempFile("named.json", payload), input: csv(rows) };
  };
  const TIME = "2026-02-01T12:00:00Z";
  const replayed = async (command: string, table: ReturnType<typeof tableOf>, ...map: string[]) =>
    await run([command, "-", "--config", table.config, ...map], table.input);
  const expectRight = async (table: ReturnType<typeof tableOf>, ...map: string[]) => {
    const replay = await replayed("replay", table, ...map);
    expect(replay).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("400 right") });
    const srm = await replayed("srm", table, ...map);
    expect(srm).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("no mismatch") });
    expect(srm.stderr + replay.stderr).not.toContain("by index");
  };

  const cases = ["12", "01", "21", "ab", "a1"].map((keys) => keys.split(""));

  it.each(cases.filter((_, i) => isInPart(i)))(
    "is right with the keys %s and %s",
    async (...keys) => {
      for (const isSorted of [false, true]) {
        await expectRight(tableOf(keys, (key) => key, isSorted));
        await expectRight(tableOf(keys, (key) => String(keys.indexOf(key)), isSorted));
      }
    },
  );

  it("is refused if both readings fit and differ, unless --map says which it is", async () => {
    const keys = ["1", "0"];
    const byKey = tableOf(keys, (key) => key);
    const byIndex = tableOf(keys, (key) => String(keys.indexOf(key)));
    for (const command of ["replay", "srm"]) {
      const { exitCode, stderr } = await replayed(command, byKey);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(
        "f: the rows do not show whether they name variations by key or by index. If they contain keys, use --preset experiment --map variation:key=variation_id; if they contain indexes, use --preset experiment --map variation:index=variation_id\n",
      );
    }
    const map = ["--preset", "experiment", "--map"];
    await expectRight(byKey, ...map, "variation:key=variation_id");
    await expectRight(byIndex, ...map, "variation:index=variation_id");
  });
});
