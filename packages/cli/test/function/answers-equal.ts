import { expect } from "vitest";
import { type Asked, clientAnswers } from "./expected.js";
import { NOW, writeFunctions } from "./files.js";
import { bigquery, snowflake, type Warehouse } from "./realm.js";

const nowMs = Date.parse(NOW);

/**
 * Calls the function for each row in both warehouses, and compares its results with the client's. Returns the
 * results.
 */
export async function expectClientAnswers(
  dialect: string,
  config: unknown,
  rows: readonly Asked[],
  atMs: number = nowMs,
): Promise<readonly unknown[]> {
  const expected = clientAnswers(dialect, config, rows, atMs);
  const given = rows.map((it) => [it.flag, it.subject, it.attributes, atMs]);
  let answers: readonly unknown[] = [];
  for (const warehouse of await warehousesOf(dialect, config)) {
    answers = warehouse.call("assign", given);
    const compared = answers.map((it) => {
      const { missing: _, ...rest } = it as Record<string, unknown>;
      return rest;
    });
    expect(compared).toEqual(expected);
  }
  return answers;
}

export async function warehousesOf(
  dialect: string,
  config: unknown,
): Promise<readonly Warehouse[]> {
  const inBigquery = await writeFunctions(dialect, config, "bigquery");
  const inSnowflake = await writeFunctions(dialect, config, "snowflake");
  return [bigquery(inBigquery.files), snowflake(inSnowflake.files)];
}
