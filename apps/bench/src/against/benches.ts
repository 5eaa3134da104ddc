import { join } from "node:path";
import { copyBench } from "./bench-copy.js";
import { type Checkout, cellIdsOf } from "./checkout.js";

/** The built benches that measure this build and another one. */
export interface Benches {
  readonly ours: string;
  readonly theirs: string;
  /** Why the other build is measured by a bench of its own, which may differ; `null`: it is not. */
  readonly difference: string | null;
  remove(): void;
}

/**
 * Provides two copies of one bench, each with the packages of its checkout: what differs is the packages alone. If
 * the other packages cannot run it, say because a name that it imports is new, each checkout has its own bench.
 *
 * @param home - the folder of the bench of this checkout.
 */
export function provideBenches(home: string, { folder, bench }: Checkout): Benches {
  const copies = [join(home, "../.."), folder].map((checkout) => copyBench(home, checkout));
  const [ours = "", theirs = ""] = copies.map((copy) => copy.bench);
  const remove = (): void => {
    for (const copy of copies) copy.remove();
  };
  try {
    cellIdsOf(theirs);
    return { ours, theirs, difference: null, remove };
  } catch (cause) {
    const difference = (cause as Error).message; // cellIdsOf throws errors
    return { ours: join(home, "dist"), theirs: bench, difference, remove };
  }
}
