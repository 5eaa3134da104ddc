import ts from "typescript";

/** Returns the type parameters of a declaration. */
export function typeParametersOf(symbol: ts.Symbol): readonly ts.TypeParameterDeclaration[] {
  for (const declaration of symbol.getDeclarations() ?? []) {
    if (
      ts.isClassDeclaration(declaration) ||
      ts.isInterfaceDeclaration(declaration) ||
      ts.isTypeAliasDeclaration(declaration)
    )
      return declaration.typeParameters ?? [];
  }
  return [];
}

/** Whether values of a type are instances of a class. */
export function isClass(type: ts.Type): boolean {
  return ((type.getSymbol()?.flags ?? 0) & ts.SymbolFlags.Class) !== 0;
}

/** Whether a type is `this`. The checker's property has no public name. */
export function isThis(type: ts.Type): boolean {
  return (type as ts.TypeParameter & { readonly isThisType?: boolean }).isThisType === true;
}

/** Whether a type has members or signatures. */
export function isStructure(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}

/** Whether users cannot assign to a member. */
export function isReadonly(owner: ts.Type, member: ts.Symbol): boolean {
  const mapped = owner.getSymbol()?.getDeclarations()?.find(ts.isMappedTypeNode)?.readonlyToken;
  if (mapped !== undefined) return mapped.kind !== ts.SyntaxKind.MinusToken;
  const declarations = member.getDeclarations() ?? [];
  const isGetter = declarations.some((it) => ts.isGetAccessorDeclaration(it));
  if (isGetter) return !declarations.some((it) => ts.isSetAccessorDeclaration(it));
  return declarations.some(
    (it) => (ts.getCombinedModifierFlags(it) & ts.ModifierFlags.Readonly) !== 0,
  );
}

/** Whether a parameter is a rest parameter. */
export function isRest(parameter: ts.Symbol): boolean {
  const declaration = parameter.valueDeclaration;
  return declaration !== undefined && ts.isParameter(declaration) && !!declaration.dotDotDotToken;
}

/** Returns the number of required arguments of a signature. */
export function requiredCount(signature: ts.Signature): number {
  return signature.getParameters().filter(({ valueDeclaration: it }) => {
    if (it === undefined || !ts.isParameter(it)) return true;
    return !it.questionToken && !it.initializer && !it.dotDotDotToken;
  }).length;
}
