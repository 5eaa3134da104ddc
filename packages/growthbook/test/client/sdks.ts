import * as vendor from "@growthbook/growthbook";
import * as ours from "../../src/index.js";

/** One of the two packages. */
export interface NamedSdk {
  readonly name: string;
  readonly sdk: typeof ours;
}

/** Both packages, for tests that expect the same of them. */
export const BOTH: readonly NamedSdk[] = [
  // The same names; the vendor's types say `any` where ours say `unknown`.
  { name: "the vendor", sdk: vendor as unknown as typeof ours },
  { name: "ours", sdk: ours },
];
