import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";

/** One of the vendor's cases. */
export interface PublicCase {
  readonly flag: string;
  readonly variationType: "STRING" | "INTEGER" | "NUMERIC" | "BOOLEAN" | "JSON";
  readonly targetingKey?: string | null;
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>;
  readonly defaultValue: unknown;
  readonly result: {
    readonly value: unknown;
    readonly reason: string;
    readonly errorCode?: string;
  };
}

const vendors = conformanceFolder("datadog");
const folder = vendors === null ? null : join(vendors, "datadog");

/** Files of the vendor's cases; none without its data. */
export const CASE_FILES: readonly (readonly [name: string, cases: readonly PublicCase[]])[] =
  folder === null
    ? []
    : readdirSync(join(folder, "evaluation-cases"))
        .sort()
        .map((name) => [name, JSON.parse(read(`evaluation-cases/${name}`)) as PublicCase[]]);

/** The vendor's configuration of these cases, or an empty one without its data. */
export const CASE_CONFIGURATION: string =
  folder === null ? '{"flags":{}}' : read("ufc-config.json");

function read(path: string): string {
  return readFileSync(join(folder ?? "", path), "utf8");
}
