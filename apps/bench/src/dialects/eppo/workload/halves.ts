import { configurationBytes, evenSplits, TOTAL_SHARDS } from "./flags.js";
import { shopFlag } from "./shop.js";

/** A boolean flag that is on for one half of the subjects. */
export const HALVES_FLAG = "one-click-checkout";
export const HALVES_SALT = "one-click-checkout-split";
/** Values of the lower and the upper half. */
export const HALVES_VALUES: readonly boolean[] = [false, true];

/** Options of a configuration with the flag of halves. */
export interface HalvesContent {
  /** Number of other flags. */
  readonly otherFlags?: number;
  /** Whether its assignments are logged; default: `true`. */
  readonly isLogged?: boolean;
}

/** A configuration with that flag. */
export function halvesBytes({ otherFlags = 0, isLogged = true }: HalvesContent = {}): Uint8Array {
  return configurationBytes([
    ...Array.from({ length: otherFlags }, (_, index) => shopFlag(index)),
    {
      key: HALVES_FLAG,
      enabled: true,
      variationType: "BOOLEAN",
      variations: { off: { key: "off", value: false }, on: { key: "on", value: true } },
      allocations: [
        { key: "halves", splits: evenSplits(HALVES_SALT, ["off", "on"]), doLog: isLogged },
      ],
      totalShards: TOTAL_SHARDS,
    },
  ]);
}

/** Returns what is wrong with assignments of that flag, or `null`. */
export function findFaultOfHalves(assignments: readonly unknown[]): string | null {
  const share = assignments.filter((it) => it === true).length / assignments.length;
  return Math.abs(share - 0.5) < 0.05 ? null : `${share} of the subjects are on, not one half`;
}
