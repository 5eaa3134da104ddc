import ts from "typescript";

/** Replaces a range of the code. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The code with all edits made. */
export function applied(edits: readonly Edit[], code: string): string {
  const parts: string[] = [];
  let done = 0;
  for (const { end, start, text } of [...edits].sort(byPlace)) {
    if (start < done) continue; // it is in a range that is taken away
    parts.push(code.slice(done, start), text);
    done = end;
  }
  return `${parts.join("")}${code.slice(done)}`;
}

/** Of two that begin at one place the longer comes first. */
function byPlace(a: Edit, b: Edit): number {
  return a.start - b.start || b.end - a.end;
}

export function nodesBelow(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    found.push(child);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

/** Whether an identifier stands for a variable, and not for a property or a label. */
export function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isMetaProperty(parent)) {
    return parent.name !== node;
  }
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (ts.isPropertyAssignment(parent) || ts.isClassElement(parent) || ts.isAccessor(parent)) {
    return parent.name !== node;
  }
  if (ts.isMethodDeclaration(parent)) return parent.name !== node;
  return !(
    ts.isLabeledStatement(parent) ||
    ts.isBreakStatement(parent) ||
    ts.isContinueStatement(parent)
  );
}
