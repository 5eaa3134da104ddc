import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { reading } from "../evaluate/payload-file.js";
import type { Revision } from "../history/open-revisions.js";
import { requireReadable } from "../types/readable-flags.js";
import { requireDecrypted } from "../types/require-decrypted.js";
import { Allowed } from "./allowed.js";
import { codeFiles } from "./code-files.js";
import { type DecidedValues, decidedValues, flagsWithBandit } from "./decided.js";
import type { Finding, LastUseOfFlag } from "./finding.js";
import { isAmbiguous } from "./key-names.js";
import { type LastUses, readLastUses } from "./last-uses.js";
import type { StaleOptions } from "./options.js";
import { PlaceFinder } from "./places.js";
import { earlierRevisions } from "./revisions.js";

const DAY_MS = 86_400_000;

/** Findings and the data that they are based on. */
export interface StaleReport {
  readonly dialect: string;
  readonly revision: string;
  readonly findings: readonly Finding[];
  readonly folders: readonly string[];
  readonly fileCount: number;
  /** Time of the oldest revision, epoch ms; `null` without a history. */
  readonly historySinceMs: number | null;
  /** Entries of the `--allow` file that no finding matches, with their line numbers. */
  readonly unusedAllowed: ReadonlyMap<string, number>;
}

/** @throws UsageError, FileError */
export async function searchStale(options: StaleOptions): Promise<StaleReport> {
  const { allowPath, configPath, dialect, folders, lastUsePath, olderThanDays } = options;
  const nowMs = options.nowMs ?? Date.now();
  const { explainer } = dialect;
  const { configuration } = await dialect.open({ ...options, warn: () => {} });
  requireDecrypted(configuration, `--config ${configPath}`);
  const revisions = await earlierRevisions(options);
  const allowed =
    allowPath === null ? new Allowed("", "") : new Allowed(...(await textOf("--allow", allowPath)));
  const lastUses =
    lastUsePath === null ? null : readLastUses(...(await textOf("--last-use", lastUsePath)));

  const gone = goneKeys(configuration.flagKeys, revisions);
  const finder = new PlaceFinder([...configuration.flagKeys, ...gone.keys()]);
  const noCode = [
    configPath,
    lastUsePath ?? "",
    allowPath ?? "",
    ...revisions.map(({ name }) => name),
  ];
  const except = new Set(noCode.map((path) => resolve(path)));
  let fileCount = 0;
  for (const folder of folders) {
    for await (const { path, text } of codeFiles(folder, except)) {
      fileCount += 1;
      finder.search(path, text);
    }
  }

  const withBandit = flagsWithBandit(configuration, explainer);
  const findingsOf = (key: string): readonly Finding[] => {
    const places = finder.placesOf(key);
    const flag = explainer.describe(configuration, key);
    requireReadable(flag, `--config ${configPath}`);
    if (isAmbiguous(key)) return [{ kind: "ambiguous", flag: key, places }];
    const found: Finding[] = [];
    const values = flag.isEnabled
      ? decidedValues(configuration, explainer, key, { nowMs, withBandit })
      : null;
    if (values !== null) {
      const sinceMs = decidedSince(key, values, revisions, (it) =>
        decidedValues(it.configuration, explainer, key, {
          nowMs: it.sinceMs,
          withBandit: flagsWithBandit(it.configuration, explainer),
        }),
      );
      const isOld =
        olderThanDays === null || (sinceMs !== null && nowMs - sinceMs >= olderThanDays * DAY_MS);
      if (isOld) found.push({ kind: "decided", flag: key, values, sinceMs, places });
    }
    if (!flag.isEnabled && places.length > 0) found.push({ kind: "disabled", flag: key, places });
    if (places.length === 0) {
      found.push({ kind: "not-in-code", flag: key, lastUse: lastUseOf(key, lastUses), places });
    }
    return found;
  };
  const findings = [...configuration.flagKeys].sort().flatMap(findingsOf);
  for (const [key, sinceMs] of gone) {
    const places = finder.placesOf(key);
    if (places.length === 0) continue;
    const kind = isAmbiguous(key) ? "ambiguous" : "gone";
    findings.push({ kind, flag: key, sinceMs, places });
  }
  return {
    dialect: dialect.name,
    revision: configuration.revision,
    findings: findings.filter((finding) => !allowed.has(finding)),
    folders,
    fileCount,
    historySinceMs: revisions[0]?.sinceMs ?? null,
    unusedAllowed: allowed.unused,
  };
}

/**
 * Returns flags of earlier revisions that the configuration lacks, with the time of the last revision that contains
 * them.
 */
function goneKeys(
  present: ReadonlySet<string>,
  revisions: readonly Revision[],
): ReadonlyMap<string, number> {
  const gone = new Map<string, number>();
  for (const { configuration, sinceMs } of revisions) {
    for (const key of configuration.flagKeys) if (!present.has(key)) gone.set(key, sinceMs);
  }
  return gone;
}

/** Returns the time of the oldest revision since which a flag has had these values; `null` if no revision shows it. */
function decidedSince(
  key: string,
  values: DecidedValues,
  revisions: readonly Revision[],
  valuesIn: (revision: Revision) => DecidedValues | null,
): number | null {
  let sinceMs: number | null = null;
  for (const revision of revisions.toReversed()) {
    if (!revision.configuration.flagKeys.has(key)) break;
    if (JSON.stringify(valuesIn(revision)) !== JSON.stringify(values)) break;
    sinceMs = revision.sinceMs;
  }
  return sinceMs;
}

function lastUseOf(key: string, lastUses: LastUses | null): LastUseOfFlag {
  return lastUses === null ? "not-counted" : (lastUses.get(key) ?? "never");
}

/** Returns the name of a file in messages, and its text. */
async function textOf(option: string, path: string): Promise<[name: string, text: string]> {
  const name = `${option} ${path}`;
  return [name, await reading(name, readFile(path, "utf8"))];
}
