import ts from "typescript";
import type { SurfaceSource } from "./surface-names.js";
import { resolveExport, type SurfaceProgram } from "./surface-program.js";

/** A place where a program that compiles with the vendor's types does not compile with ours. */
export interface TypeFinding {
  /** Use and name of an export: `read Variant`, `write Options`, `new Client`, `typeof init`. */
  readonly place: string;
  /** TypeScript's error. */
  readonly problem: string;
}

/** What is compared. */
export interface TypeComparison {
  readonly vendor: SurfaceSource;
  /** Path of our `src/index.ts`. */
  readonly ours: string;
  /** Whether one of the vendor's exports, or one of their members, is not offered or is internal. */
  isLeftOut(name: string): boolean;
}

/**
 * Finds exports whose type differs from the vendor's, so that a program stops compiling: TypeScript
 * must be able to assign values that users receive to the vendor's type, and values that they pass
 * to ours. Type parameters are `any`.
 */
export function compareTypes(
  program: SurfaceProgram,
  { isLeftOut, ours, vendor }: TypeComparison,
): readonly TypeFinding[] {
  const lines = program
    .exportsOf(vendor)
    .filter(({ name }) => !isLeftOut(name))
    .flatMap((exported) => assignmentsOf(program.checker, exported, isLeftOut));
  return program
    .errorsIn(
      { vendor, ours },
      lines.map(([, code]) => code),
    )
    .map(({ line, message }) => ({ place: lines[line]?.[0] ?? "", problem: message }));
}

/** Returns a statement for each use of an export. Each is one line of a file. */
function assignmentsOf(
  checker: ts.TypeChecker,
  exported: ts.Symbol,
  isLeftOut: (name: string) => boolean,
): readonly (readonly [place: string, code: string])[] {
  const { name } = exported;
  const symbol = resolveExport(checker, exported);
  const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
  const found: [place: string, code: string][] = [];
  const assign = (place: string, from: string, to: string): void => {
    found.push([place, `export const _${name}_${found.length} = (it: ${from}): ${to} => it;`]);
  };
  if ((symbol.flags & ts.SymbolFlags.Type) !== 0) {
    const type = name + typeArgumentsOf(symbol);
    const absent = checker
      .getDeclaredTypeOfSymbol(symbol)
      .getProperties()
      .flatMap((it) => (isLeftOut(`${name}.${it.name}`) ? [JSON.stringify(it.name)] : []));
    // Users only have instances of a class from our package, and `Omit` leaves out private members.
    const vendor =
      isClass || absent.length > 0
        ? `Omit<Vendor.${type}, ${absent.join(" | ") || "never"}>`
        : `Vendor.${type}`;
    assign(`read ${name}`, `Ours.${type}`, vendor);
    if (!isClass) assign(`write ${name}`, vendor, `Ours.${type}`);
  }
  if (isClass) {
    const parameters = (side: string): string => `ConstructorParameters<typeof ${side}.${name}>`;
    assign(`new ${name}`, parameters("Vendor"), parameters("Ours"));
    assign(`typeof ${name}`, `typeof Ours.${name}`, `Omit<typeof Vendor.${name}, "prototype">`);
  } else if ((symbol.flags & ts.SymbolFlags.Value) !== 0) {
    assign(`typeof ${name}`, `typeof Ours.${name}`, `typeof Vendor.${name}`);
  }
  return found;
}

/** Returns `any` for each type parameter of a declaration. */
function typeArgumentsOf(symbol: ts.Symbol): string {
  for (const it of symbol.getDeclarations() ?? []) {
    if (ts.isClassDeclaration(it) || ts.isInterfaceDeclaration(it) || ts.isTypeAliasDeclaration(it))
      return it.typeParameters ? `<${it.typeParameters.map(() => "any").join(", ")}>` : "";
  }
  return "";
}
