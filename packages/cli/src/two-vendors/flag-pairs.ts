import { nearestName } from "@sortition/core/internal";
import { UsageError } from "../errors.js";
import { noSuchFlag } from "../judge/no-such-flag.js";
import type { NamedConfiguration } from "../judge/wanted-flags.js";
import { nearText } from "../near.js";
import type { MappedFlag, VendorMap } from "./vendor-map.js";

/** A flag of OLD and the flag of NEW that replaces it. */
export interface FlagPair {
  readonly oldKey: string;
  readonly newKey: string;
  /** The flag's entry in the map; `null` if it has none. */
  readonly mapped: MappedFlag | null;
}

/** A flag that only one configuration has. */
export interface LoneFlag {
  readonly key: string;
  readonly isOld: boolean;
  /** A flag with a similar name that only the other configuration has; `null` if there is none. */
  readonly nearest: string | null;
}

/** The flags of both configurations. */
export interface FlagPairs {
  readonly pairs: readonly FlagPair[];
  readonly lone: readonly LoneFlag[];
}

/**
 * Pairs flags by the map, and the remaining flags by equal keys.
 *
 * @param wanted - the keys of `--flags`; `null`: all.
 * @throws UsageError if the map or `--flags` names an unknown flag, or a hashed key has no known name.
 */
export function pairFlags(
  sides: readonly [NamedConfiguration, NamedConfiguration],
  map: VendorMap,
  wanted: readonly string[] | null,
): FlagPairs {
  const [old, now] = sides;
  checkMapped(sides, map);
  const mapped = [...map.flags].filter((it): it is [string, MappedFlag] => it[1] !== null);
  const mappedNew = new Set(mapped.map(([, { newKey }]) => newKey));
  const pairs = new Map<string, FlagPair>();
  for (const [oldKey, flag] of mapped) {
    pairs.set(oldKey, { oldKey, newKey: flag.newKey, mapped: flag });
  }
  const replaced = [
    replacedIn(old, (key) => map.flags.has(key)),
    replacedIn(now, (key) => mappedNew.has(key)),
  ];
  const parameters = replaced.flatMap((it) => [...it.values()].flat());
  const names = new Set([...namesIn(old), ...namesIn(now), ...parameters, ...(wanted ?? [])]);
  const lone: LoneFlag[] = [];
  for (const key of names) {
    const isFree = [!map.flags.has(key), !mappedNew.has(key)];
    const isIn = sides.map(
      (side, i) => isFree[i] === true && replaced[i]?.has(key) === false && has(side, key),
    );
    if (isIn[0] === true && isIn[1] === true) {
      pairs.set(key, { oldKey: key, newKey: key, mapped: null });
    } else if (isIn.includes(true)) {
      lone.push({ key, isOld: isIn[0] === true, nearest: null });
    }
  }
  if (wanted === null) checkHashes(sides, [...pairs.values()], lone);
  const isWanted = (...keys: readonly string[]) => wanted?.some((it) => keys.includes(it)) ?? true;
  for (const key of wanted ?? []) {
    const isThere = [...pairs.values()].some((it) => key === it.oldKey || key === it.newKey);
    if (!isThere && !lone.some((it) => it.key === key))
      throw noSuchFlag(key, now.configuration.flagKeys);
  }
  return {
    pairs: [...pairs.values()].filter(({ newKey, oldKey }) => isWanted(oldKey, newKey)),
    lone: withNearest(lone.filter(({ key }) => isWanted(key))),
  };
}

function withNearest(lone: readonly LoneFlag[]): readonly LoneFlag[] {
  return lone.map((flag) => {
    const others = lone.filter(({ isOld }) => isOld !== flag.isOld).map(({ key }) => key);
    const distance = Math.max(2, Math.floor(flag.key.length / 2));
    return { ...flag, nearest: nearestName(flag.key, others, distance) };
  });
}

/** The keys that are not hashed. */
function namesIn({ configuration }: NamedConfiguration): readonly string[] {
  return [...configuration.flagKeys].filter((key) => configuration.flag(key) !== null);
}

/** The flags of which the map names parameters, so that each of their parameters is a flag instead. */
function replacedIn(
  { configuration, explainer }: NamedConfiguration,
  isMapped: (key: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const keys = explainer.parametersOf === undefined ? [] : configuration.flagKeys;
  const replaced = new Map<string, readonly string[]>();
  for (const key of keys) {
    const parameters = explainer.parametersOf?.(configuration, key) ?? [];
    if (parameters.some(isMapped)) replaced.set(key, parameters);
  }
  return replaced;
}

function has({ configuration, explainer }: NamedConfiguration, key: string): boolean {
  return configuration.flag(key) !== null && explainer.payloadKey(configuration, key) !== null;
}

function checkMapped(
  sides: readonly [NamedConfiguration, NamedConfiguration],
  { flags, name }: VendorMap,
): void {
  for (const [oldKey, mapped] of flags) {
    const keys = [oldKey, mapped?.newKey ?? null];
    keys.forEach((key, i) => {
      const side = sides[i] as NamedConfiguration; // there are two
      if (key === null || has(side, key)) return;
      const where = i === 0 ? "OLD" : "NEW";
      const isReversed =
        i === 0 && mapped !== null && has(sides[1], key) && has(side, mapped.newKey);
      const near = isReversed
        ? `: the map is reversed, because its keys are the flags of OLD. Write ${JSON.stringify({ flags: { [mapped.newKey]: key } })}`
        : nearText(key, namesIn(side));
      throw new UsageError(`${name}: ${where} has no flag ${JSON.stringify(key)}${near}`);
    });
  }
}

/** @throws UsageError if a side has a hashed key whose name is unknown. */
function checkHashes(
  sides: readonly [NamedConfiguration, NamedConfiguration],
  pairs: readonly FlagPair[],
  lone: readonly LoneFlag[],
): void {
  sides.forEach(({ configuration, explainer }, i) => {
    const hashes = new Set(configuration.flagKeys);
    const known = [
      ...pairs.map(({ newKey, oldKey }) => (i === 0 ? oldKey : newKey)),
      ...lone.filter(({ isOld }) => isOld === (i === 0)).map(({ key }) => key),
    ];
    for (const key of known) hashes.delete(explainer.payloadKey(configuration, key) ?? key);
    const nameless = [...hashes].filter((key) => configuration.flag(key) === null);
    if (nameless.length === 0) return;
    const [first] = nameless;
    throw new UsageError(
      `${i === 0 ? "OLD" : "NEW"} has hashed flag keys, and the names of ${nameless.length} of them are unknown, such as ${first}. List the names under "flags" in the --map file`,
    );
  });
}
