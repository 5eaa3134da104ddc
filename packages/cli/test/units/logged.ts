import { type Attributes, Configuration, createClient } from "@sortition/core";
import type { Dialect } from "@sortition/core/dialect";
import { seededRandom } from "@sortition/proof";
import { jsonFile, ndjson, parseLines, run, tempFile } from "../run.js";

/** A subject, as the native client receives it. */
export interface Visitor {
  readonly key: string;
  readonly attributes: Attributes;
}

const FIRST_MS = Date.UTC(2026, 1, 1);
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Evaluates flags for subjects, one per second, and returns the logged exposures as rows. */
export function logged(
  dialect: Dialect,
  payload: object,
  visitorsOf: (flagKey: string) => readonly Visitor[],
): readonly object[] {
  const payloads = { flags: JSON.stringify(payload) };
  const initialConfiguration = Configuration.from({ dialect, payloads });
  const rows: object[] = [];
  let nowMs = FIRST_MS;
  const client = createClient({
    ...{ dialect, initialConfiguration, diagnostics: SILENT, clock: { now: () => nowMs } },
    assignmentLogger: { logAssignment: (event) => void rows.push(event) },
  });
  for (const flagKey of initialConfiguration.flagKeys) {
    for (const { attributes: subjectAttributes, key: subjectKey } of visitorsOf(flagKey)) {
      client.evaluate({ flagKey, subjectKey, subjectAttributes, defaultValue: null });
      nowMs += 1_000;
    }
  }
  return rows;
}

/** What `srm` reports of an experiment. */
export interface SrmVerdict {
  readonly flag: string;
  readonly verdict: string;
  readonly subjects: number;
  readonly pValue: number | null;
  readonly problem: string | null;
}

/** Runs `srm` with a payload. */
export async function srm(
  dialect: string,
  payload: object,
  rows: readonly object[],
  ...more: readonly string[]
): Promise<{ readonly verdicts: readonly SrmVerdict[]; readonly stderr: string }> {
  const events = tempFile("units.ndjson", ndjson(rows));
  const config = jsonFile("units.json", payload);
  const args = ["srm", events, "--config", config, "--dialect", dialect, "--json", ...more];
  const { stderr, stdout } = await run(args);
  return { stderr, verdicts: parseLines(stdout) as unknown as readonly SrmVerdict[] };
}

/** Subjects in groups of 1 to 12, so that a hash that places groups moves several subjects at once. */
export function members(
  seed: number,
  groups: number,
  attributesOf: (group: string) => Attributes,
): readonly Visitor[] {
  const random = seededRandom(seed);
  const visitors: Visitor[] = [];
  for (let i = 0; i < groups; i++) {
    const attributes = attributesOf(`group-${seed}-${i}`);
    for (let n = 1 + Math.floor(random() ** 2 * 12); n > 0; n--) {
      visitors.push({ key: `user-${seed}-${visitors.length}`, attributes });
    }
  }
  return visitors;
}
