import { realpathSync } from "node:fs";
import ts from "typescript";
import type { SurfaceSource } from "./read-surface.js";

/** A vendor's declarations, ready to be asked for types. */
export interface OpenModule {
  readonly checker: ts.TypeChecker;
  /** What the module exports; an alias is replaced by what it stands for. */
  readonly exports: ReadonlyMap<string, ts.Symbol>;
}

const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

/** Reads the declarations of a vendor with the TypeScript compiler. */
export function openModule(source: Pick<SurfaceSource, "declarations">): OpenModule {
  // Below a linked folder the compiler does not find what the vendor's files import: all of that would be `any`.
  const declarations = realpathSync(source.declarations);
  const program = ts.createProgram([declarations], OPTIONS);
  const file = program.getSourceFile(declarations);
  const checker = program.getTypeChecker();
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${declarations}: not a module`);
  const exports = new Map<string, ts.Symbol>();
  for (const exported of checker.getExportsOfModule(module)) {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    exports.set(exported.name, isAlias ? checker.getAliasedSymbol(exported) : exported);
  }
  return { checker, exports };
}

/** Whether a symbol is declared in the vendor's own files. */
export function isOfVendor(symbol: ts.Symbol, source: SurfaceSource): boolean {
  const declarations = symbol.getDeclarations() ?? [];
  return declarations.some((it) => source.isVendorFile(it.getSourceFile().fileName));
}

/** Whether a member can be used from outside, and is the vendor's. */
export function isPublicMember(member: ts.Symbol, source: SurfaceSource): boolean {
  const declarations = member.getDeclarations() ?? [];
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (
    member.name !== "prototype" &&
    declarations.some(
      (declaration) =>
        source.isVendorFile(declaration.getSourceFile().fileName) &&
        (ts.getCombinedModifierFlags(declaration) & hidden) === 0 &&
        !(ts.isPropertyDeclaration(declaration) && ts.isPrivateIdentifier(declaration.name)),
    )
  );
}
