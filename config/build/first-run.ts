import ts from "typescript";
import { applied, type Edit, isReference, nodesBelow } from "./syntax.ts";

/** Names of functions by module: they run between the import of the package and its first answer. */
export type FirstRun = Readonly<Record<string, readonly string[]>>;

/**
 * Marks functions at the top of modules that a start runs. V8 compiles a function in parentheses with its module: that is
 * cheaper than to scan it first and to compile it at its first call, and puts it into Node's compile cache. terser removes
 * such parentheses, so they are a call before terser ({@link parenthesized} makes them after it).
 */
export function marked(code: string, firstRun: FirstRun): string {
  const file = ts.createSourceFile("bundle.js", code, ts.ScriptTarget.ESNext, true);
  if (nodesBelow(file).some((it) => ts.isIdentifier(it) && it.text === MARK)) {
    throw new Error(`A variable or a member has the name of the mark: ${MARK}`);
  }
  // In a string or a pattern it would be taken for a mark.
  if (MARKED.test(code)) throw new Error(`A text is like a mark: ${MARK}(function`);
  const readAt = firstReads(file);
  const moduleAt = modulesOf(code);
  const edits: Edit[] = [];
  for (const it of file.statements) {
    if (!ts.isFunctionDeclaration(it) || it.name === undefined || it.modifiers?.some(isExport)) {
      continue;
    }
    const { name } = it;
    const start = it.getStart();
    if (!isListed(firstRun[moduleAt(start)] ?? [], name.text)) continue;
    // Unlike a function, a constant has no value before its statement.
    if ((readAt.get(name.text) ?? start) < start) continue;
    const head = code.slice(start, name.getStart()).trimEnd();
    edits.push({ start, end: name.end, text: `const ${name.text} = ${MARK}(${head}` });
    edits.push({ start: it.end, end: it.end, text: ");" });
  }
  return applied(edits, code);
}

/** Puts parentheses in place of the marks, and moves nothing: a source map belongs to the code. */
export function parenthesized(code: string): string {
  return code.replace(new RegExp(MARKED, "g"), " ");
}

/** One character, which terser does not rename, since nothing declares it. */
const MARK = "$";
const MARKED = /\$(?=\((?:async )?function\b)/;

function isExport({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}

/** esbuild adds a number to a name that two modules declare. */
function isListed(names: readonly string[], name: string): boolean {
  return names.includes(name) || names.includes(name.replace(/\d+$/, ""));
}

/** esbuild writes the path of each module above it. */
function modulesOf(code: string): (position: number) => string {
  // A copied module keeps the rest of its path, which no list has.
  const found = [...code.matchAll(/^\/\/ (?:src\/)?(.*)\.ts$/gm)];
  return (position) => found.findLast(({ index }) => index < position)?.[1] ?? "";
}

/**
 * Position of the first statement that may read a name of the module while the module is evaluated, by itself or by a
 * function that it may call.
 */
function firstReads(file: ts.SourceFile): ReadonlyMap<string, number> {
  const declarations = declarationsOf(file);
  const readAt = new Map<string, number>();
  for (const statement of file.statements) {
    const position = statement.getStart();
    const read = (name: string): void => {
      if (readAt.has(name)) return;
      readAt.set(name, position);
      for (const declaration of declarations.get(name) ?? []) {
        for (const node of nodesBelow(declaration)) {
          if (ts.isIdentifier(node) && isReference(node)) read(node.text);
        }
      }
    };
    // The names in an import are those of another module.
    if (ts.isFunctionDeclaration(statement) || ts.isImportDeclaration(statement)) continue;
    readAtOnce(statement, false, read);
  }
  return readAt;
}

function declarationsOf({ statements }: ts.SourceFile): ReadonlyMap<string, readonly ts.Node[]> {
  const named = new Map<string, ts.Node[]>();
  const add = (name: string, node: ts.Node): void =>
    void named.set(name, [...(named.get(name) ?? []), node]);
  for (const it of statements) {
    if (ts.isVariableStatement(it)) {
      for (const { initializer, name } of it.declarationList.declarations) {
        if (initializer !== undefined) add(name.getText(), initializer);
      }
    } else if ((ts.isFunctionDeclaration(it) || ts.isClassDeclaration(it)) && it.name) {
      add(it.name.text, it);
    }
  }
  return named;
}

/** @param isPassed - whether a call gets the value of the node, and so may call a function in it. */
function readAtOnce(node: ts.Node, isPassed: boolean, read: (name: string) => void): void {
  if (ts.isIdentifier(node) && isReference(node) && !isDeclared(node)) read(node.text);
  const isLater = ts.isFunctionLike(node) || (ts.isPropertyDeclaration(node) && !isStatic(node));
  if (isLater && !isPassed) return;
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
  ts.forEachChild(node, (child) => readAtOnce(child, isPassed || isCall, read));
}

/** Whether an identifier is the name of a variable or a class where that is declared. */
function isDeclared(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isVariableDeclaration(parent) || ts.isClassLike(parent)) && parent.name === node;
}

function isStatic({ modifiers }: ts.PropertyDeclaration): boolean {
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}
