import type ts from "typescript";
import type { SurfaceSource } from "./surface-names.js";
import { resolveExport, type SurfaceProgram } from "./surface-program.js";

/** Types that two APIs, the vendor's and ours, export under the same name. */
export class Twins {
  readonly vendorExports: ReadonlyMap<string, ts.Symbol>;
  readonly ownExports: ReadonlyMap<string, ts.Symbol>;
  readonly #twins = new Map<ts.Symbol, Set<ts.Symbol>>();

  constructor(program: SurfaceProgram, vendor: SurfaceSource, ours: SurfaceSource) {
    this.vendorExports = exportsOf(program, vendor);
    this.ownExports = exportsOf(program, ours);
    for (const [name, symbol] of this.vendorExports) {
      const own = this.ownExports.get(name);
      if (own === undefined) continue;
      this.#twins.set(symbol, (this.#twins.get(symbol) ?? new Set()).add(own));
    }
  }

  /** Our exports with the names under which the vendor exports the symbol. */
  of(vendor: ts.Symbol | undefined): readonly ts.Symbol[] {
    return vendor === undefined ? [] : [...(this.#twins.get(vendor) ?? [])];
  }

  /** Whether two types are exported under the same name. */
  are(vendor: ts.Type, own: ts.Type): boolean {
    const ours = new Set([own.aliasSymbol, own.getSymbol()]);
    return [vendor.aliasSymbol, vendor.getSymbol()].some((symbol) =>
      this.of(symbol).some((twin) => ours.has(twin)),
    );
  }
}

function exportsOf(program: SurfaceProgram, source: SurfaceSource): ReadonlyMap<string, ts.Symbol> {
  return new Map(
    program
      .exportsOf(source)
      .map((exported) => [exported.name, resolveExport(program.checker, exported)]),
  );
}
