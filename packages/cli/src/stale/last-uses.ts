import { recognizeDialect } from "../dialects/recognize.js";
import { FileError } from "../errors.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** When flags were last evaluated, by key, epoch ms; `null`: not since counting began. */
export type LastUses = ReadonlyMap<string, number | null>;

/**
 * Reads last uses from a list or an `items` member with `{ flagKey | key, lastEvaluatedAtMs }`, from entries of a map of
 * these, or from NDJSON exposures with `featureFlag` and `timestamp`.
 *
 * @throws FileError
 */
export function readLastUses(name: string, text: string): LastUses {
  const uses = new Map<string, number | null>();
  for (const row of rowsOf(name, text)) {
    const [key, atMs] = useOf(row) ?? [];
    if (key === undefined || atMs === undefined) {
      throw new FileError(
        `${name}: expected rows with flagKey and lastEvaluatedAtMs, or exposures with featureFlag and timestamp`,
      );
    }
    const known = uses.get(key) ?? null;
    uses.set(key, known === null ? atMs : Math.max(known, atMs ?? known));
  }
  return uses;
}

function rowsOf(name: string, text: string): readonly unknown[] {
  const whole = parsed(text);
  if (isJsonObject(whole) && recognizeDialect(whole) !== null) {
    throw new FileError(
      `${name} is a configuration: pass the JSON of lastUse() or of the relay's /api/v1/flags, or exposures as NDJSON`,
    );
  }
  if (Array.isArray(whole)) return whole;
  if (isJsonObject(whole) && Array.isArray(whole["items"])) return whole["items"];
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, index) => {
    const row = parsed(line);
    if (row === undefined) throw new FileError(`${name}: line ${index + 1} is not JSON`);
    return row;
  });
}

/** The parsed JSON, or `undefined` if the text is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function useOf(row: unknown): readonly [key: string, atMs: number | null] | null {
  // An entry of the map returned by lastUse().flags().
  if (Array.isArray(row) && isJsonObject(row[1])) return useOf({ flagKey: row[0], ...row[1] });
  if (!isJsonObject(row)) return null;
  const key = row["flagKey"] ?? row["key"] ?? row["featureFlag"];
  if (typeof key !== "string") return null;
  const atMs = timeOf(row);
  return atMs === undefined ? null : [key, atMs];
}

function timeOf({ lastEvaluatedAtMs, timestamp }: JsonObject): number | null | undefined {
  if (lastEvaluatedAtMs === null || typeof lastEvaluatedAtMs === "number") return lastEvaluatedAtMs;
  const atMs = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
