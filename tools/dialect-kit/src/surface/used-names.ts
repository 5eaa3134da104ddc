import { readFileSync } from "node:fs";
import ts from "typescript";

/** Returns names of a surface whose last part does not occur in a program. */
export function unusedNames(names: readonly string[], program: string): readonly string[] {
  const file = ts.createSourceFile(program, readFileSync(program, "utf8"), ts.ScriptTarget.ES2022);
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names.filter((name) => !used.has(name.slice(name.lastIndexOf(".") + 1)));
}
