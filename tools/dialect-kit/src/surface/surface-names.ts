import ts from "typescript";

/** Where public names are declared. */
export interface SurfaceSource {
  /** Path of the file that users import, a `.d.ts`. */
  readonly declarations: string;
  /** Whether a file declares part of this API, and does not belong to Node or another library. */
  isVendorFile(path: string): boolean;
}

/**
 * Names types and members in the format of the lists: `Client.close`, `Config.apiKey`,
 * `init(config).apiKey`.
 */
export class SurfaceNames {
  readonly #source: SurfaceSource;

  constructor(source: SurfaceSource) {
    this.#source = source;
  }

  /**
   * Returns the name of a type, or `null` for types without a name and types of TypeScript's own
   * library (`Omit`).
   */
  ofType(type: ts.Type): string | null {
    const alias = type.aliasSymbol;
    if (alias !== undefined) return this.isOwn(alias) ? alias.name : null;
    const symbol = type.getSymbol();
    const isStatic = type.getConstructSignatures().length > 0;
    if (symbol === undefined || isStatic || !this.isOwn(symbol)) return null;
    if ((symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0) return null;
    // The symbol of a default export is named `default`.
    const declaration = symbol
      .getDeclarations()
      ?.find((it) => ts.isClassDeclaration(it) || ts.isInterfaceDeclaration(it));
    return declaration?.name?.text ?? symbol.name;
  }

  /** Whether a symbol is declared in this API. */
  isOwn(symbol: ts.Symbol): boolean {
    const declarations = symbol.getDeclarations() ?? [];
    return declarations.some((it) => this.#source.isVendorFile(it.getSourceFile().fileName));
  }

  /** Whether a member is public and declared in this API. */
  isPublic(member: ts.Symbol): boolean {
    const declarations = member.getDeclarations() ?? [];
    return (
      member.name !== "prototype" &&
      declarations.some(
        (declaration) =>
          this.#source.isVendorFile(declaration.getSourceFile().fileName) && !isHidden(declaration),
      )
    );
  }
}

/** Whether a member is private or protected. */
function isHidden(declaration: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const name = ts.getNameOfDeclaration(declaration);
  return (
    (ts.getCombinedModifierFlags(declaration) & hidden) !== 0 ||
    (name !== undefined && ts.isPrivateIdentifier(name))
  );
}
