import {
  memberName,
  OptionError,
  type PlainExposure,
  readWithExposures,
} from "@sortition/core/internal";
import type { Value } from "../reader/reader.js";
import { SNAPSHOT_VERSION, type Snapshot } from "../reader/snapshot.js";
import { digestsOf } from "../token/digest.js";
import { MAX_LENGTH, seal } from "../token/token.js";
import { identityOf, packExposures } from "./exposure-token.js";
import type { WebFlagsOptions } from "./options.js";
import type { Visitor } from "./visitors.js";

const DEFAULT_URL = "/api/exposures";
const DEFAULT_MAX_AGE_SECONDS = 86_400;

/** The options that a snapshot depends on. */
type SnapshotOptions = Pick<
  WebFlagsOptions<never>,
  "audience" | "secrets" | "url" | "maxAgeSeconds"
>;

/** Creates the snapshot of a visitor's flags. */
export async function createSnapshot(
  { flags, parts }: Visitor,
  defaults: Readonly<Record<string, Value>>,
  options: SnapshotOptions,
): Promise<Snapshot> {
  if (defaults instanceof Request) {
    throw new OptionError(
      "snapshot",
      "the arguments are swapped: write snapshot({ flag: default }, request)",
    );
  }
  if (typeof defaults !== "object" || defaults === null || Array.isArray(defaults)) {
    const [name = "flag"] = Array.isArray(defaults) ? defaults : [defaults];
    throw new OptionError("snapshot", `expected an object: pass { ${memberName(name)}: default }`);
  }
  const url = options.url ?? DEFAULT_URL;
  if (parts === null) return snapshotOf({ values: { ...defaults }, overridden: [], url });
  const values: [string, unknown][] = [];
  const overridden: string[] = [];
  const unshown = new Map<string, readonly PlainExposure[]>();
  for (const [flagKey, defaultValue] of Object.entries(defaults)) {
    const read = readWithExposures(flags, flagKey, defaultValue);
    values.push([flagKey, read.value]);
    if (read.isOverridden) overridden.push(flagKey);
    if (read.unshown.length > 0) unshown.set(flagKey, read.unshown);
  }
  parts.count("snapshots");
  const shown = { values: Object.fromEntries(values), overridden, url };
  if (unshown.size === 0) return snapshotOf(shown);
  const { maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS } = options;
  const expiresAtMs = parts.clock.now() + maxAgeSeconds * 1_000;
  const [dialect = ""] = parts.dialects;
  const token = await seal(packExposures(unshown, dialect), "exposures", options, expiresAtMs);
  if (token.length <= MAX_LENGTH.exposures) {
    const identities = [...unshown].map(([flagKey, it]) => identityOf(dialect, flagKey, it));
    const ids = await digestsOf(identities, options);
    return snapshotOf({ ...shown, logs: [...unshown.keys()], ids, token });
  }
  for (const flagKey of unshown.keys()) flags.exposed(flagKey);
  parts.count("loggedOnRead");
  parts.diagnostics.warn(
    `snapshot: exposures are logged now instead of when they are seen, because their token of ${token.length} characters exceeds ${MAX_LENGTH.exposures}; pass fewer flags to snapshot, or smaller attributes`,
    { cause: "token too long" },
  );
  return snapshotOf(shown);
}

function snapshotOf({
  ids = [],
  logs = [],
  overridden,
  token = null,
  url,
  values,
}: Pick<Snapshot, "values" | "overridden" | "url"> & Partial<Snapshot>): Snapshot {
  return { v: SNAPSHOT_VERSION, values, logs, ids, overridden, url, token };
}
