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

/** Declarations of several APIs, with their exports and a type checker. */
export interface SurfaceProgram {
  readonly checker: ts.TypeChecker;
  /** @returns the exports of one of the program's files. */
  exportsOf(source: SurfaceSource): readonly ts.Symbol[];
}

/** Reads the declarations of several APIs into one program, so that their types can be compared. */
export function createSurfaceProgram(sources: readonly SurfaceSource[]): SurfaceProgram {
  const host = ts.createCompilerHost(OPTIONS);
  // Comments contain no types, and take as long to parse as the rest.
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const program = ts.createProgram(
    // The compiler does not resolve imports of files in a linked folder, so all imported types
    // would be `any`.
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

/** Resolves an export to its symbol. */
export function resolveExport(checker: ts.TypeChecker, exported: ts.Symbol): ts.Symbol {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  return isAlias ? checker.getAliasedSymbol(exported) : exported;
}
