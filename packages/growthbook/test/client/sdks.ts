import * as vendor from "@growthbook/growthbook";
import * as ours from "../../src/index.js";

/** One of the two packages. */
export interface NamedSdk {
  readonly name: string;
  readonly sdk: typeof ours;
}

/** Both packages, for tests that expect the same results from them. */
export const BOTH: readonly NamedSdk[] = [
  // Both have the same names, but the vendor's types use `any` where ours use `unknown`.
  { name: "the vendor", sdk: vendor as unknown as typeof ours },
  { name: "ours", sdk: ours },
];
