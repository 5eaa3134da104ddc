import { seededRandom } from "@sortition/proof";
import type { GeneratedDialect } from "../generated/dialects.js";
import { generatedFlags, generatedSubjects } from "../generated/flags.js";
import { writeFunctions } from "./files.js";
import { snowflake } from "./realm.js";

const ROWS = 100_000;

/**
 * Measures the processor time per row of the function for Snowflake: the fastest of five runs, including the
 * conversion of rows and results to JSON.
 */
export async function measuredRows(
  dialect: GeneratedDialect,
  nowMs: number,
): Promise<{ readonly microsPerRow: number }> {
  const random = seededRandom(54);
  const flags = generatedFlags(random, 10);
  const { files } = await writeFunctions(dialect.name, dialect.configOf(flags), "snowflake");
  const warehouse = snowflake(files);
  const rows = generatedSubjects(random, ROWS).map(({ subjectAttributes, subjectKey }, i) => [
    flags[i % flags.length]?.key,
    subjectKey,
    subjectAttributes,
    nowMs,
  ]);
  const micros = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    warehouse.call("assign", rows);
    const { system, user } = process.cpuUsage(before);
    return (system + user) / ROWS;
  });
  return { microsPerRow: Math.min(...micros) };
}
