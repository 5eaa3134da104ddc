import { seededRandom } from "@sortition/proof";
import type { GeneratedDialect } from "../generated/dialects.js";
import { generatedFlags, generatedSubjects } from "../generated/flags.js";
import { NOW, writeFunctions } from "./files.js";
import { snowflake } from "./realm.js";

const ROWS = 20_000;

/**
 * Measures the processor time per row of the function for Snowflake with each number of flags: the fastest of five runs, which
 * alternate, so that other work of the machine affects all numbers alike. It includes the conversion of rows and results to JSON.
 */
export async function microsPerRow(
  dialect: GeneratedDialect,
  counts: readonly number[],
): Promise<readonly number[]> {
  const random = seededRandom(54);
  const cases = await Promise.all(
    counts.map(async (count) => {
      const flags = generatedFlags(random, count);
      const { files } = await writeFunctions(dialect.name, dialect.configOf(flags), "snowflake");
      const rows = generatedSubjects(random, ROWS).map(({ subjectAttributes, subjectKey }, i) => [
        flags[i % flags.length]?.key,
        subjectKey,
        subjectAttributes,
        Date.parse(NOW),
      ]);
      return { warehouse: snowflake(files), rows };
    }),
  );
  const fastest = counts.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 5; round++) {
    for (const [i, { rows, warehouse }] of cases.entries()) {
      const before = process.cpuUsage();
      warehouse.call("assign", rows);
      const { system, user } = process.cpuUsage(before);
      fastest[i] = Math.min(fastest[i] ?? 0, (system + user) / ROWS);
    }
  }
  return fastest;
}
