import { type FlagBody, flagOf, shopFlag } from "./workload.js";

/** The flag whose value is the version of the served flags. */
export const MARKER = "served-version";

/** What changes from one version to the next. */
export type Change = "all" | "one";

const OTHERS = 9_999;

/** Version 0 or 1 of 10,000 flags, between which all or only {@link MARKER} differ. */
export function versionBytes(change: Change, version: number): Uint8Array {
  const others = Array.from({ length: OTHERS }, (_, i): FlagBody => {
    const flag = shopFlag(i);
    return change === "all" ? { ...flag, version } : flag;
  });
  const value = `${version}`;
  const marker = {
    ...flagOf(MARKER, [{ variant: "served" }]),
    variants: { served: { key: "served", value } },
  };
  return new TextEncoder().encode(JSON.stringify([...others, marker]));
}
