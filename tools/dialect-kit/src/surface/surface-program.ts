import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { SurfaceSource } from "./surface-names.js";

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node"],
};

/** Declarations of several APIs, with their exports and a type checker. */
export interface SurfaceProgram {
  readonly checker: ts.TypeChecker;
  /** @returns the exports of one of the program's files. */
  exportsOf(source: SurfaceSource): readonly ts.Symbol[];
  /** Compiles lines that use both APIs, as `Vendor` and `Ours`. */
  errorsIn(
    sources: { readonly vendor: SurfaceSource; readonly ours: string },
    lines: readonly string[],
  ): readonly LineError[];
}

/** An error of TypeScript in a line, counted from 0. */
export interface LineError {
  readonly line: number;
  readonly message: string;
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
    errorsIn({ ours, vendor }, lines) {
      const own = realpathSync(ours);
      const path = join(dirname(own), "compared-types.ts");
      const imports = [
        `import type * as Vendor from "${moduleOf(realpathSync(vendor.declarations))}";`,
        `import type * as Ours from "${moduleOf(own)}";`,
      ];
      const text = [...imports, ...lines].join("\n");
      const comparing = ts.createProgram(
        [...program.getRootFileNames(), path],
        OPTIONS,
        {
          ...host,
          fileExists: (it) => it === path || host.fileExists(it),
          getSourceFile: (it, target) =>
            it === path ? ts.createSourceFile(it, text, target) : host.getSourceFile(it, target),
        },
        program,
      );
      const file = comparing.getSourceFile(path);
      return [
        ...comparing.getSyntacticDiagnostics(file),
        ...comparing.getSemanticDiagnostics(file),
      ].map(({ messageText, start = 0 }) => ({
        line: (file?.getLineAndCharacterOfPosition(start).line ?? 0) - imports.length,
        message: ts.flattenDiagnosticMessageText(messageText, " "),
      }));
    },
  };
}

/** Returns the specifier of a module by the path of its source or declarations. */
function moduleOf(path: string): string {
  return path.replace(/(?:\.d)?\.([cm]?)ts$/, ".$1js");
}

/** Resolves an export to its symbol. */
export function resolveExport(checker: ts.TypeChecker, exported: ts.Symbol): ts.Symbol {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  return isAlias ? checker.getAliasedSymbol(exported) : exported;
}
