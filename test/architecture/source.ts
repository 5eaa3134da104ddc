import ts from "typescript";

/** A source file: its path from the root of the repository, with `/`, and its content. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** One import, export-from, `import()`, `require()` or `import("…")` type of a file. */
export interface Import {
  readonly specifier: string;
  /** Whether the compiler removes it, so that it cannot be part of a cycle at run time. */
  readonly isTypeOnly: boolean;
}

export function parse({ path, text }: Source): ts.SourceFile {
  const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode };
  return ts.createSourceFile(path, text, options, true);
}

export function importsOf(file: ts.SourceFile): readonly Import[] {
  const imports: Import[] = [];
  const note = (node: ts.Node): void => {
    const found = specifierOf(node);
    if (found === undefined || !ts.isStringLiteralLike(found.literal)) return;
    imports.push({ specifier: found.literal.text, isTypeOnly: found.isTypeOnly });
  };
  // In most files all are statements of their own, and the rest need not be looked at.
  if (/\bimport\s*[(/]|\brequire\b/.test(file.text)) visitNodes(file, note);
  else file.statements.forEach(note);
  return imports;
}

function specifierOf(node: ts.Node): { literal: ts.Node; isTypeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node)) {
    // `import { type X }` is not type-only: with verbatimModuleSyntax the module is still loaded.
    const isTypeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return { literal: node.moduleSpecifier, isTypeOnly };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { literal: node.moduleSpecifier, isTypeOnly: node.isTypeOnly };
  }
  if (ts.isExternalModuleReference(node)) return { literal: node.expression, isTypeOnly: false };
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { literal: node.argument.literal, isTypeOnly: true };
  }
  if (ts.isCallExpression(node) && isImportOrRequire(node.expression)) {
    const [literal] = node.arguments;
    return literal === undefined ? undefined : { literal, isTypeOnly: false };
  }
  return undefined;
}

function isImportOrRequire(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(callee) && callee.text === "require")
  );
}

/** What a file uses by name, members included, with `new` before classes; and the names of its own classes. */
export function usesOf(file: ts.SourceFile): {
  readonly used: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
} {
  const used = new Set<string>();
  const classes = new Set<string>();
  visitNodes(file, (node) => {
    if (ts.isClassLike(node) && node.name !== undefined) classes.add(node.name.text);
    if (!ts.isIdentifier(node)) return;
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) || isRenamedImport(node)) used.add(node.text);
    else if (ts.isNewExpression(parent)) used.add(`new ${node.text}`);
    else if (!isDeclared(node) && !isMemberName(node) && !ts.isExportSpecifier(parent)) {
      used.add(node.text);
    }
  });
  return { used, classes };
}

/** All names in a file, those of private members without `#`. */
export function namesOf(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  visitNodes(file, (node) => {
    if (ts.isIdentifier(node)) names.add(node.text);
    else if (ts.isPrivateIdentifier(node)) names.add(node.text.slice(1));
  });
  return names;
}

function isRenamedImport(node: ts.Identifier): boolean {
  return ts.isImportSpecifier(node.parent) && node.parent.propertyName === node;
}

/** The names that a file uses but does not declare: its globals. */
export function freeNamesOf(file: ts.SourceFile): ReadonlySet<string> {
  const declared = new Set<string>();
  const used = new Set<string>();
  visitNodes(file, (node) => {
    if (!ts.isIdentifier(node)) return;
    if (isDeclared(node)) declared.add(node.text);
    else if (!isMemberName(node)) used.add(node.text);
  });
  // Scopes are ignored: a name that is declared anywhere in the file is not a global.
  return new Set([...used].filter((name) => !declared.has(name)));
}

/** Whether the identifier is the name in a declaration of this file. `declare const x` is not: it describes a global. */
function isDeclared(node: ts.Identifier): boolean {
  const { parent } = node;
  if (!("name" in parent) || parent.name !== node) return false;
  if (ts.isVariableDeclaration(parent) || ts.isFunctionDeclaration(parent)) {
    return !isAmbient(parent);
  }
  return (
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isFunctionExpression(parent) ||
    ts.isClassLike(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isTypeParameterDeclaration(parent) ||
    ts.isImportClause(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isNamespaceImport(parent)
  );
}

function isAmbient(node: ts.Node): boolean {
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    const isDeclare = (modifier: ts.ModifierLike) => modifier.kind === ts.SyntaxKind.DeclareKeyword;
    if (ts.canHaveModifiers(at) && ts.getModifiers(at)?.some(isDeclare)) return true;
  }
  return false;
}

/** Whether the identifier names a member (`clock.setTimeout`, `{ setTimeout: … }`) or the other name in a rename. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent))
    return parent.propertyName === node;
  if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) !== node;
  if (ts.isShorthandPropertyAssignment(parent) || isAmbientValue(parent)) return false;
  return "name" in parent && parent.name === node;
}

function isAmbientValue(node: ts.Node): boolean {
  return ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node);
}

/** Visits all nodes but tokens, which have no names. */
function visitNodes(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => visitNodes(child, visit));
}
