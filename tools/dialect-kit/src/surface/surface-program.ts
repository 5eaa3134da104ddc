import { realpathSync } from "node:fs";
import ts from "typescript";
import type { SurfaceSource } from "./surface-names.js";

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

/** Declarations that were read: what they export, and what knows their types. */
export interface SurfaceProgram {
  readonly checker: ts.TypeChecker;
  /** @returns the exports of a file that the program was made of. */
  exportsOf(source: SurfaceSource): readonly ts.Symbol[];
}

/** Reads the declarations of several APIs into one program, whose types can be compared. */
export function createSurfaceProgram(sources: readonly SurfaceSource[]): SurfaceProgram {
  const host = ts.createCompilerHost(OPTIONS);
  // Comments have no types, and take as long to read as the rest.
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const program = ts.createProgram(
    // Below a linked folder the compiler does not find what a file imports: all of that would be `any`.
    sources.map((source) => realpathSync(source.declarations)),
    OPTIONS,
    host,
  );
  const checker = program.getTypeChecker();
  return {
    checker,
    exportsOf: ({ declarations }) => {
      const file = program.getSourceFile(realpathSync(declarations));
      const module = file && checker.getSymbolAtLocation(file);
      if (module === undefined) throw new Error(`${declarations}: not a module`);
      return checker.getExportsOfModule(module);
    },
  };
}

/** What an export stands for. */
export function resolveExport(checker: ts.TypeChecker, exported: ts.Symbol): ts.Symbol {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  return isAlias ? checker.getAliasedSymbol(exported) : exported;
}
