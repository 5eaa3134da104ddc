import ts from "typescript";
import { SurfaceNames, type SurfaceSource } from "./surface-names.js";
import { createSurfaceProgram, resolveExport, type SurfaceProgram } from "./surface-program.js";

/**
 * Reads all public names from a vendor's declarations: exports (`init`), public members of all
 * types reachable from an export (`Client.close`), and options (`Config.apiKey`; for a parameter
 * without a named type: `init(config).apiKey`). Static members start with `typeof`. Sorted.
 */
export function readSurface(
  source: SurfaceSource,
  program: SurfaceProgram = createSurfaceProgram([source]),
): readonly string[] {
  const reader = new SurfaceReader(program.checker, source);
  for (const exported of program.exportsOf(source)) reader.addExport(exported);
  return [...reader.names].sort();
}

class SurfaceReader {
  readonly names = new Set<string>();
  readonly #checker: ts.TypeChecker;
  readonly #naming: SurfaceNames;
  readonly #visited = new Set<ts.Type>();

  constructor(checker: ts.TypeChecker, source: SurfaceSource) {
    this.#checker = checker;
    this.#naming = new SurfaceNames(source);
  }

  addExport(exported: ts.Symbol): void {
    const symbol = resolveExport(this.#checker, exported);
    this.names.add(exported.name);
    if ((symbol.flags & ts.SymbolFlags.Type) !== 0) {
      this.#addType(this.#checker.getDeclaredTypeOfSymbol(symbol), exported.name);
    }
    if ((symbol.flags & ts.SymbolFlags.Value) !== 0) {
      const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
      const name = isClass ? `typeof ${exported.name}` : exported.name;
      this.#addType(this.#checker.getTypeOfSymbol(symbol), name);
    }
  }

  /** @param place - name to use for a type without a name. */
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
    const name = this.#naming.ofType(type) ?? place;
    for (const member of type.getProperties()) {
      if (!this.#naming.isPublic(member)) continue;
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

  /** Returns the type arguments of a `Promise`, a list or a map. */
  #argumentsOf(type: ts.Type): readonly ts.Type[] {
    const isReference =
      (type.flags & ts.TypeFlags.Object) !== 0 &&
      ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
    // The flag guarantees this type.
    return isReference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
  }
}
