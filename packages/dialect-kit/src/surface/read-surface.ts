import ts from "typescript";
import { isOfVendor, isPublicMember, openModule } from "./open-module.js";

/** Where a vendor's public names are declared. */
export interface SurfaceSource {
  /** Path of the `.d.ts` file that users import. */
  readonly declarations: string;
  /** Whether a file declares part of the vendor's API, and not of Node's or of another library's. */
  isVendorFile(path: string): boolean;
}

/**
 * Reads all public names out of a vendor's declarations: exports (`init`), public members of every
 * type that an export leads to (`Client.close`), and options (`Config.apiKey`; of a parameter without a
 * named type: `init(config).apiKey`). Static members begin with `typeof`. Sorted.
 */
export function readSurface(source: SurfaceSource): readonly string[] {
  const { checker, exports } = openModule(source);
  const reader = new SurfaceReader(checker, source);
  for (const [name, symbol] of exports) reader.addExport(name, symbol);
  return [...reader.names].sort();
}

class SurfaceReader {
  readonly names = new Set<string>();
  readonly #checker: ts.TypeChecker;
  readonly #source: SurfaceSource;
  readonly #visited = new Set<ts.Type>();

  constructor(checker: ts.TypeChecker, source: SurfaceSource) {
    this.#checker = checker;
    this.#source = source;
  }

  addExport(exportName: string, symbol: ts.Symbol): void {
    this.names.add(exportName);
    if ((symbol.flags & ts.SymbolFlags.Type) !== 0) {
      this.#addType(this.#checker.getDeclaredTypeOfSymbol(symbol), exportName);
    }
    if ((symbol.flags & ts.SymbolFlags.Value) !== 0) {
      const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
      const name = isClass ? `typeof ${exportName}` : exportName;
      this.#addType(this.#checker.getTypeOfSymbol(symbol), name);
    }
  }

  /** @param place - names a type that has no name of its own. */
  #addType(type: ts.Type, place: string): void {
    if (this.#visited.has(type)) return;
    this.#visited.add(type);
    if (type.isUnionOrIntersection()) {
      for (const part of type.types) this.#addType(part, place);
      return;
    }
    for (const argument of this.#argumentsOf(type)) this.#addType(argument, place);
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      this.#addSignature(signature, place);
    }
    const name = this.#nameOf(type) ?? place;
    for (const member of type.getProperties()) {
      if (!isPublicMember(member, this.#source)) continue;
      const path = `${name}.${member.name}`;
      this.names.add(path);
      this.#addType(this.#checker.getTypeOfSymbol(member), path);
    }
  }

  #addSignature(signature: ts.Signature, place: string): void {
    for (const parameter of signature.getParameters()) {
      this.#addType(this.#checker.getTypeOfSymbol(parameter), `${place}(${parameter.name})`);
    }
    this.#addType(signature.getReturnType(), `${place}()`);
  }

  /** What is in a `Promise`, a list or a map. */
  #argumentsOf(type: ts.Type): readonly ts.Type[] {
    const isReference =
      (type.flags & ts.TypeFlags.Object) !== 0 &&
      ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
    // Guaranteed by the flag.
    return isReference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
  }

  /** `null` for types without a name, and for names of TypeScript's own library (`Omit`). */
  #nameOf(type: ts.Type): string | null {
    const alias = type.aliasSymbol;
    if (alias !== undefined) return isOfVendor(alias, this.#source) ? alias.name : null;
    const symbol = type.getSymbol();
    const isStatic = type.getConstructSignatures().length > 0;
    if (symbol === undefined || isStatic || !isOfVendor(symbol, this.#source)) return null;
    if ((symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0) return null;
    // The symbol of a default export is called `default`.
    const declaration = symbol
      .getDeclarations()
      ?.find((it) => ts.isClassDeclaration(it) || ts.isInterfaceDeclaration(it));
    return declaration?.name?.text ?? symbol.name;
  }
}
