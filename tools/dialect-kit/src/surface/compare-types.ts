import ts from "typescript";
import { readNames, type SurfaceNamesRead } from "./read-surface.js";
import { isHidden, SurfaceNames, type SurfaceSource } from "./surface-names.js";
import type { SurfaceProgram } from "./surface-program.js";
import { Twins } from "./twins.js";
import {
  isClass,
  isReadonly,
  isRest,
  isStructure,
  isThis,
  requiredCount,
  typeParametersOf,
} from "./type-facts.js";

/** Whether users receive values of a type, or pass them. */
type Use = "read" | "write";

/** A place where a program that compiles with the vendor's types does not compile with ours. */
export interface TypeFinding {
  /** Name in the format of the lists. */
  readonly name: string;
  readonly problem: string;
}

/** What is compared. */
export interface TypeComparison {
  readonly vendor: SurfaceSource;
  readonly ours: SurfaceSource;
  /** Whether one of the vendor's names is not offered, or is internal. */
  isLeftOut(name: string): boolean;
  /** Whether a place may have another type. Called for each place that has one. */
  isAccepted(place: string): boolean;
}

/**
 * Finds places where our types differ from the vendor's so that a program stops compiling. Values
 * that users receive must be assignable to the vendor's type, values that they pass must be
 * accepted, and fields that they set must not be read-only. `any` is treated as a separate type, so
 * `unknown` instead of `any` is a finding.
 *
 * Types that both sides export under the same name are compared once, at their export. Elsewhere,
 * they are considered equal.
 */
export function compareTypes(
  program: SurfaceProgram,
  comparison: TypeComparison,
): readonly TypeFinding[] {
  return new Comparer(program, comparison).findings();
}

const ANY = ts.TypeFlags.Any;
const UNKNOWN = ts.TypeFlags.Unknown;
/** Types that depend on type parameters. */
const OPEN =
  ts.TypeFlags.TypeParameter |
  ts.TypeFlags.Conditional |
  ts.TypeFlags.IndexedAccess |
  ts.TypeFlags.Index |
  ts.TypeFlags.Substitution |
  ts.TypeFlags.TemplateLiteral;

class Comparer {
  readonly #checker: ts.TypeChecker;
  readonly #comparison: TypeComparison;
  readonly #names: SurfaceNames;
  readonly #ownNames: SurfaceNames;
  readonly #listed: SurfaceNamesRead["byDeclaration"];
  readonly #twins: Twins;
  /** Pairs of type parameters at the same position of twins, or of compared signatures. */
  readonly #paired = new Map<ts.Type, ts.Type>();
  /** Structures that were compared, and the first finding in each. */
  readonly #visited = new Map<string, TypeFinding | null>();
  #found = new Map<string, TypeFinding>();

  constructor(program: SurfaceProgram, comparison: TypeComparison) {
    this.#checker = program.checker;
    this.#comparison = comparison;
    this.#names = new SurfaceNames(comparison.vendor);
    this.#ownNames = new SurfaceNames(comparison.ours);
    this.#listed = readNames(comparison.vendor, program).byDeclaration;
    this.#twins = new Twins(program, comparison.vendor, comparison.ours);
  }

  findings(): readonly TypeFinding[] {
    for (const [name, vendor] of this.#twins.vendorExports) {
      if (this.#comparison.isLeftOut(name)) continue;
      const own = this.#twins.ownExports.get(name);
      if (own === undefined) this.#report(name, "is not exported");
      else this.#compareExport(name, vendor, own);
    }
    return [...this.#found.values()];
  }

  #report(name: string, problem: string): void {
    if (this.#comparison.isAccepted(name)) return;
    this.#found.set(`${name} ${problem}`, { name, problem });
  }

  #mismatch(name: string, use: Use, vendor: ts.Type, own: ts.Type): void {
    const text = (type: ts.Type): string =>
      this.#checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
    this.#report(name, `${use}: ${text(own)} here, ${text(vendor)} there`);
  }

  #compareExport(name: string, vendor: ts.Symbol, own: ts.Symbol): void {
    if ((vendor.flags & ts.SymbolFlags.Type) !== 0) {
      if ((own.flags & ts.SymbolFlags.Type) === 0) {
        this.#report(name, "is a value only");
        return;
      }
      this.#pairDeclared(name, vendor, own);
      const theirs = this.#checker.getDeclaredTypeOfSymbol(vendor);
      const ours = this.#checker.getDeclaredTypeOfSymbol(own);
      this.#compareBody(theirs, ours, "read", name);
      // Users do not create objects of a class with a literal.
      if ((vendor.flags & ts.SymbolFlags.Class) === 0)
        this.#compareBody(theirs, ours, "write", name);
    }
    if ((vendor.flags & ts.SymbolFlags.Value) !== 0) {
      if ((own.flags & ts.SymbolFlags.Value) === 0) {
        this.#report(name, "is a type only");
        return;
      }
      const isClass = (vendor.flags & ts.SymbolFlags.Class) !== 0;
      this.#compareBody(
        this.#checker.getTypeOfSymbol(vendor),
        this.#checker.getTypeOfSymbol(own),
        "read",
        isClass ? `typeof ${name}` : name,
      );
    }
  }

  /** Pairs the type parameters of twins, and compares their constraints and defaults. */
  #pairDeclared(name: string, vendor: ts.Symbol, own: ts.Symbol): void {
    const theirs = typeParametersOf(vendor);
    const ours = typeParametersOf(own);
    if (theirs.length > ours.length) this.#report(name, "takes fewer type arguments");
    for (const [i, parameter] of ours.entries()) {
      const their = theirs[i];
      if (their === undefined) {
        if (parameter.default === undefined) this.#report(name, "needs more type arguments");
        continue;
      }
      const place = `${name}<${their.name.text}>`;
      this.#paired.set(
        this.#checker.getTypeAtLocation(their),
        this.#checker.getTypeAtLocation(parameter),
      );
      if (their.default !== undefined) {
        if (parameter.default === undefined) this.#report(place, "has no default");
        else
          this.#compare(
            this.#checker.getTypeFromTypeNode(their.default),
            this.#checker.getTypeFromTypeNode(parameter.default),
            "read",
            place,
          );
      }
      if (parameter.constraint !== undefined) {
        const bound = this.#checker.getTypeFromTypeNode(parameter.constraint);
        if (their.constraint === undefined) this.#report(place, "is bounded");
        else
          this.#compare(this.#checker.getTypeFromTypeNode(their.constraint), bound, "write", place);
      }
    }
  }

  #compare(vendor: ts.Type, own: ts.Type, use: Use, place: string): void {
    if (vendor === own) return;
    if (this.#twins.are(vendor, own)) {
      if (!isThis(vendor) && !isThis(own)) this.#compareArguments(vendor, own, use, place);
      return;
    }
    // Users only have instances of a class from our package.
    if (use === "write" && (this.#takesTwin(vendor, own) || (isClass(vendor) && isClass(own))))
      return;
    this.#compareBody(vendor, own, use, place);
  }

  /**
   * Whether our type accepts values of our twin of the vendor's type, because these are the values
   * that users have.
   */
  #takesTwin(vendor: ts.Type, own: ts.Type): boolean {
    const symbol = vendor.aliasSymbol ?? vendor.getSymbol();
    if (symbol === undefined || this.#argumentsOf(vendor).length > 0) return false;
    return this.#twins
      .of(symbol)
      .some((twin) =>
        this.#checker.isTypeAssignableTo(this.#checker.getDeclaredTypeOfSymbol(twin), own),
      );
  }

  /** Compares the structure of two types, whatever their names. */
  #compareBody(vendor: ts.Type, own: ts.Type, use: Use, place: string): void {
    if (vendor === own) return;
    const isFine = this.#compareUnknown(vendor, own, use);
    if (isFine === true) return;
    if (isFine === false) this.#mismatch(place, use, vendor, own);
    else if (vendor.isUnion() || own.isUnion()) this.#compareUnion(vendor, own, use, place);
    else if ((vendor.flags & OPEN) !== 0 || (own.flags & OPEN) !== 0) {
      if (!this.#areSameOpen(vendor, own)) this.#mismatch(place, use, vendor, own);
    } else if (isStructure(vendor) && isStructure(own)) this.#compareOnce(vendor, own, use, place);
    else if (!this.#isAssignable(vendor, own, use)) this.#mismatch(place, use, vendor, own);
  }

  /**
   * Types may refer to themselves, so types whose comparison is in progress are considered equal.
   */
  #compareOnce(vendor: ts.Type, own: ts.Type, use: Use, place: string): void {
    // The id assigned by the checker, which has no public name.
    const idOf = (type: ts.Type): number => (type as ts.Type & { readonly id: number }).id;
    const key = `${idOf(vendor)} ${idOf(own)} ${use}`;
    const earlier = this.#visited.get(key);
    if (earlier === null) return;
    if (earlier !== undefined) {
      this.#report(place, `differs as ${earlier.name}`);
      return;
    }
    this.#visited.set(key, null);
    const found = this.#collect(() => this.#compareStructure(vendor, own, use, place));
    for (const [id, finding] of found) this.#found.set(id, finding);
    const [first] = found.values();
    if (first !== undefined) this.#visited.set(key, first);
  }

  /**
   * @returns whether the types fit if one of them is unspecific, or `null` if both are specific.
   */
  #compareUnknown(vendor: ts.Type, own: ts.Type, use: Use): boolean | null {
    if ((vendor.flags & ANY) !== 0) {
      return (own.flags & ANY) !== 0 || (use === "write" && (own.flags & UNKNOWN) !== 0);
    }
    if ((own.flags & ANY) !== 0) return use === "write" || (vendor.flags & UNKNOWN) !== 0;
    if (use === "read" && (vendor.flags & (UNKNOWN | ts.TypeFlags.Void)) !== 0) return true;
    if (use === "write" && (own.flags & (UNKNOWN | ts.TypeFlags.Void)) !== 0) return true;
    if (((vendor.flags | own.flags) & UNKNOWN) !== 0) return false;
    return null;
  }

  /** Each part of the received type must fit a part of the expected one. */
  #compareUnion(vendor: ts.Type, own: ts.Type, use: Use, place: string): void {
    const partsOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);
    const isRead = use === "read";
    const targets = partsOf(isRead ? vendor : own);
    for (const given of partsOf(isRead ? own : vendor)) {
      const attempts = targets.map((target) =>
        this.#attempt(() =>
          isRead
            ? this.#compare(target, given, use, place)
            : this.#compare(given, target, use, place),
        ),
      );
      if (attempts.some((found) => found.size === 0)) continue;
      // If there is only one structure to compare with, report the differences inside it.
      const structures = targets.filter(isStructure);
      const only = isStructure(given) && structures.length === 1 ? structures[0] : undefined;
      const details = only && attempts[targets.indexOf(only)];
      for (const [key, finding] of details ?? []) this.#found.set(key, finding);
      if (details === undefined) this.#mismatch(place, use, vendor, own);
    }
  }

  /** Returns the findings that a comparison would report. */
  #attempt(compare: () => void): ReadonlyMap<string, TypeFinding> {
    const visited = new Set(this.#visited.keys());
    const found = this.#collect(compare);
    // A failed attempt must fail again if the same types are compared elsewhere.
    if (found.size > 0)
      for (const key of this.#visited.keys()) if (!visited.has(key)) this.#visited.delete(key);
    return found;
  }

  #collect(compare: () => void): ReadonlyMap<string, TypeFinding> {
    const before = this.#found;
    const found = new Map<string, TypeFinding>();
    this.#found = found;
    compare();
    this.#found = before;
    return found;
  }

  #compareStructure(vendor: ts.Type, own: ts.Type, use: Use, place: string): void {
    if (this.#compareLibraryTypes(vendor, own, use, place)) return;
    this.#compareSignatures(vendor, own, use, place);
    this.#compareMembers(vendor, own, use, place);
    for (const info of this.#checker.getIndexInfosOfType(vendor)) {
      const isNumber = (info.keyType.flags & ts.TypeFlags.Number) !== 0;
      const same =
        (isNumber && this.#checker.getIndexTypeOfType(own, ts.IndexKind.Number)) ||
        this.#checker.getIndexTypeOfType(own, ts.IndexKind.String);
      if (same) this.#compare(info.type, same, use, `${place}[]`);
      else if (use === "read") this.#report(place, "has no index signature");
    }
  }

  /**
   * @returns whether both are types of TypeScript's library or Node, which are compared by name.
   */
  #compareLibraryTypes(vendor: ts.Type, own: ts.Type, use: Use, place: string): boolean {
    const theirs = vendor.getSymbol();
    const ours = own.getSymbol();
    if (this.#checker.isTupleType(vendor) && this.#checker.isTupleType(own)) {
      this.#compareArguments(vendor, own, use, place);
      return true;
    }
    const isList = (type: ts.Type): boolean => this.#checker.isArrayLikeType(type);
    if (isList(vendor) && isList(own)) {
      const isReadonly = (type: ts.Type): boolean => type.getProperty("push") === undefined;
      const [from, to] = use === "read" ? [own, vendor] : [vendor, own];
      if (isReadonly(from) && !isReadonly(to)) this.#mismatch(place, use, vendor, own);
      this.#compareArguments(vendor, own, use, place);
      return true;
    }
    const isNamed = (symbol: ts.Symbol | undefined): boolean =>
      // A type literal in TypeScript's library is the body of `Record` and similar types.
      symbol !== undefined &&
      (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0;
    if (theirs === undefined || !isNamed(theirs) || this.#names.isOwn(theirs)) return false;
    if (theirs === ours) this.#compareArguments(vendor, own, use, place);
    else if (!this.#isAssignable(vendor, own, use)) this.#mismatch(place, use, vendor, own);
    return true;
  }

  #compareArguments(vendor: ts.Type, own: ts.Type, use: Use, place: string): void {
    const ours = this.#argumentsOf(own);
    for (const [i, argument] of this.#argumentsOf(vendor).entries()) {
      const other = ours[i];
      if (other !== undefined) this.#compare(argument, other, use, place);
    }
  }

  #argumentsOf(type: ts.Type): readonly ts.Type[] {
    if (type.aliasTypeArguments !== undefined) return type.aliasTypeArguments;
    const isReference =
      (type.flags & ts.TypeFlags.Object) !== 0 &&
      ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
    // The flag guarantees this type.
    return isReference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
  }

  #compareMembers(vendor: ts.Type, own: ts.Type, use: Use, place: string): void {
    const listed = this.#names.ofType(vendor) ?? place;
    // An export is compared only once. If it meets a type that is not its twin, only that place
    // differs.
    const name =
      this.#twins.vendorExports.has(listed) && !this.#twins.are(vendor, own) ? place : listed;
    for (const member of vendor.getProperties()) {
      const path = `${name}.${member.name}`;
      const isMapped = (member.getDeclarations() ?? []).length === 0;
      if (!this.#names.isPublic(member) && !isMapped) continue;
      if (this.#isLeftOut(member)) continue;
      const twin = this.#checker.getPropertyOfType(own, member.name);
      if (twin === undefined || (twin.getDeclarations() ?? []).some(isHidden)) {
        const index = this.#checker.getIndexTypeOfType(own, ts.IndexKind.String);
        const isLiteral = use === "read" || !isClass(vendor);
        if (index === undefined && isLiteral) this.#report(path, "is absent");
        if (index === undefined) continue;
        this.#compare(this.#checker.getTypeOfSymbol(member), index, use, path);
        continue;
      }
      const isOptional = (it: ts.Symbol): boolean => (it.flags & ts.SymbolFlags.Optional) !== 0;
      const [needed, given] = use === "read" ? [member, twin] : [twin, member];
      if (!isOptional(needed) && isOptional(given)) {
        this.#report(path, use === "read" ? "is optional here" : "is required here");
        continue;
      }
      if (isReadonly(own, twin) && !isReadonly(vendor, member))
        this.#report(path, "is read-only here");
      this.#compare(
        this.#checker.getTypeOfSymbol(member),
        this.#checker.getTypeOfSymbol(twin),
        use,
        path,
      );
    }
    if (use === "write") this.#compareAdditions(vendor, own, name);
  }

  #isLeftOut(member: ts.Symbol): boolean {
    return (member.getDeclarations() ?? []).some((declaration) =>
      this.#listed.get(declaration)?.some((name) => this.#comparison.isLeftOut(name)),
    );
  }

  /** Our additional fields must not be required. */
  #compareAdditions(vendor: ts.Type, own: ts.Type, name: string): void {
    for (const member of own.getProperties()) {
      const isRequired =
        (member.flags & ts.SymbolFlags.Optional) === 0 && this.#ownNames.isPublic(member);
      if (isRequired && this.#checker.getPropertyOfType(vendor, member.name) === undefined) {
        this.#report(`${name}.${member.name}`, "is required here, and not there");
      }
    }
  }

  #compareSignatures(vendor: ts.Type, own: ts.Type, use: Use, place: string): void {
    for (const kind of [ts.SignatureKind.Call, ts.SignatureKind.Construct]) {
      const theirs = this.#checker.getSignaturesOfType(vendor, kind);
      const ours = this.#checker.getSignaturesOfType(own, kind);
      if (theirs.length > 0 && ours.length === 0) this.#report(place, "cannot be called");
      for (const signature of ours.length === 0 ? [] : theirs) {
        let closest: ReadonlyMap<string, TypeFinding> | null = null;
        for (const other of ours) {
          const found = this.#attempt(() => this.#compareSignature(signature, other, use, place));
          if (closest === null || found.size < closest.size) closest = found;
        }
        for (const [key, finding] of closest ?? []) this.#found.set(key, finding);
      }
    }
  }

  #compareSignature(vendor: ts.Signature, own: ts.Signature, use: Use, place: string): void {
    const theirs = vendor.getTypeParameters() ?? [];
    const ours = own.getTypeParameters() ?? [];
    if (theirs.length !== ours.length) this.#report(place, "has other type parameters");
    for (const [i, parameter] of theirs.entries()) {
      const other = ours[i];
      if (other !== undefined) this.#paired.set(parameter, other);
    }
    const given = vendor.getParameters();
    const taken = own.getParameters();
    const flipped = use === "read" ? "write" : "read";
    const last = taken.at(-1);
    const hasRest = last !== undefined && isRest(last);
    if (taken.length < given.length && !hasRest) this.#report(place, "takes fewer arguments");
    if (use === "read" && requiredCount(own) > requiredCount(vendor)) {
      this.#report(place, "needs more arguments");
    }
    for (const [i, parameter] of given.entries()) {
      const twin = taken[Math.min(i, taken.length - 1)];
      if (twin === undefined) continue;
      this.#compare(
        this.#parameterType(parameter, twin),
        this.#parameterType(twin, parameter),
        flipped,
        `${place}(${parameter.name})`,
      );
    }
    this.#compare(vendor.getReturnType(), own.getReturnType(), use, `${place}()`);
  }

  /**
   * Returns the type of a parameter. If a rest parameter corresponds to a single one, returns its
   * element type.
   */
  #parameterType(parameter: ts.Symbol, other: ts.Symbol): ts.Type {
    const type = this.#checker.getTypeOfSymbol(parameter);
    // The type of a parameter with a default value does not include `undefined`.
    const twin = other.valueDeclaration;
    if (twin !== undefined && ts.isParameter(twin) && twin.initializer)
      return this.#checker.getNonNullableType(type);
    if (!isRest(parameter) || isRest(other)) return type;
    return this.#checker.getIndexTypeOfType(type, ts.IndexKind.Number) ?? type;
  }

  /** Types that depend on parameters are equal if their text is equal. */
  #areSameOpen(vendor: ts.Type, own: ts.Type): boolean {
    if (this.#paired.get(vendor) === own) return true;
    if (isThis(own)) return true;
    return this.#checker.typeToString(vendor) === this.#checker.typeToString(own);
  }

  #isAssignable(vendor: ts.Type, own: ts.Type, use: Use): boolean {
    const [from, to] = use === "read" ? [own, vendor] : [vendor, own];
    if (this.#checker.isTypeAssignableTo(from, to)) return true;
    // Each member of an `enum` is a separate type, whose value users do not see.
    const valueIn = (type: ts.Type): unknown => (type.isLiteral() ? type.value : type);
    return valueIn(from) === valueIn(to);
  }
}
