import { readFileSync } from "node:fs";
import type { FlagShape } from "./expected-shares.js";
import { shoeModels } from "./shoe-bandit.js";
import { CHANGED_FLAGS, shopConfiguration } from "./shop.js";

const NO_MODELS = '{"bandits":{}}';

/** The first and the second state of the configuration, and the flags that differ. */
export interface Releases {
  readonly first: string;
  readonly second: string;
  /** Models of the bandits, which are the same in both states. The user's own file has none. */
  readonly models: string;
  readonly hasBandits: boolean;
  readonly changedFlags: readonly string[];
}

/** Returns the example shop, or the user's own file, whose first enabled flag is off in the second state. */
export function readReleases(path: string | null, nowMs: number): Releases {
  if (path === null) {
    const first = shopConfiguration(1, nowMs);
    const second = shopConfiguration(2, nowMs);
    const models = shoeModels(nowMs);
    return { first, second, models, hasBandits: true, changedFlags: CHANGED_FLAGS };
  }
  const first = readFileSync(path, "utf8");
  const changed = JSON.parse(first);
  const key = Object.keys(changed.flags ?? {}).find((it) => changed.flags[it]?.enabled);
  if (key === undefined) throw new Error(`${path}: has no enabled flag`);
  changed.flags[key].enabled = false;
  return {
    first,
    second: JSON.stringify(changed),
    models: NO_MODELS,
    hasBandits: false,
    changedFlags: [key],
  };
}

/** Returns the enabled flags of a configuration. */
export function flagsOf(body: string): readonly FlagShape[] {
  const { flags } = JSON.parse(body) as { flags: Readonly<Record<string, FlagShape>> };
  return Object.values(flags).filter((flag) => flag?.enabled);
}
