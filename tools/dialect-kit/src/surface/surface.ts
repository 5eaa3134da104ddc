import { compareTypes, type TypeFinding } from "./compare-types.js";
import { readSurface } from "./read-surface.js";
import type { SurfaceSource } from "./surface-names.js";
import { createSurfaceProgram, type SurfaceProgram } from "./surface-program.js";

/**
 * A vendor's API and ours, read once for all tests of a file. Types are compared only if ours is
 * given.
 */
export class Surface {
  readonly #vendor: SurfaceSource;
  readonly #ours: SurfaceSource | null;
  #program: SurfaceProgram | null = null;

  constructor(sources: { readonly vendor: SurfaceSource; readonly ours?: SurfaceSource }) {
    this.#vendor = sources.vendor;
    this.#ours = sources.ours ?? null;
  }

  /** Names of the vendor's API. */
  vendorNames(): readonly string[] {
    return readSurface(this.#vendor, this.#read());
  }

  /** Names of our API. */
  ownNames(): readonly string[] {
    return this.#ours === null ? [] : readSurface(this.#ours, this.#read());
  }

  /** Finds places where our types differ, see {@link compareTypes}. */
  typeFindings(lists: {
    isLeftOut(name: string): boolean;
    isAccepted(place: string): boolean;
  }): readonly TypeFinding[] {
    if (this.#ours === null) return [];
    return compareTypes(this.#read(), { vendor: this.#vendor, ours: this.#ours, ...lists });
  }

  #read(): SurfaceProgram {
    const sources = this.#ours === null ? [this.#vendor] : [this.#vendor, this.#ours];
    this.#program ??= createSurfaceProgram(sources);
    return this.#program;
  }
}
