import { compareTypes, type TypeFinding } from "./compare-types.js";
import { readSurface } from "./read-surface.js";
import type { SurfaceSource } from "./surface-names.js";
import { createSurfaceProgram, type SurfaceProgram } from "./surface-program.js";

/** A vendor's API and ours. The vendor's is read once for all tests of a file. */
export class Surface {
  readonly #vendor: SurfaceSource;
  readonly #ours: string;
  #program: SurfaceProgram | null = null;

  /** @param sources - the vendor's declarations, and the path of our `src/index.ts`. */
  constructor(sources: { readonly vendor: SurfaceSource; readonly ours: string }) {
    this.#vendor = sources.vendor;
    this.#ours = sources.ours;
  }

  /** Names of the vendor's API. */
  vendorNames(): readonly string[] {
    return readSurface(this.#vendor, this.#read());
  }

  /** Finds places where our types differ, see {@link compareTypes}. */
  typeFindings(isLeftOut: (name: string) => boolean): readonly TypeFinding[] {
    return compareTypes(this.#read(), { vendor: this.#vendor, ours: this.#ours, isLeftOut });
  }

  #read(): SurfaceProgram {
    this.#program ??= createSurfaceProgram([this.#vendor]);
    return this.#program;
  }
}
