// Finds the small faults that can be planted in a source, one at a time.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import ts from "typescript";
import { root } from "../pages.mjs";

/** Replacements of binary operators. */
const OPERATORS = {
  ...{ "===": "!==", "!==": "===", "<": "<=", "<=": "<", ">": ">=", ">=": ">" },
  ...{ "&&": "||", "||": "&&", "??": "&&", "+": "-", "-": "+", "*": "/", "/": "*", "%": "*" },
};

/** Replacements of methods. */
const METHODS = {
  ...{ some: "every", every: "some", min: "max", max: "min", floor: "ceil", ceil: "floor" },
  ...{ startsWith: "endsWith", endsWith: "startsWith" },
};

/**
 * A fault: `from`, which is the expression between `start` and `end` of a file, becomes `to`. `key` identifies it by the text
 * of its line, so that it stays valid when lines above change.
 *
 * @typedef {{ file: string, line: number, start: number, end: number, from: string, to: string, key: string }} Mutant
 */

/** @returns {Mutant[]} the faults of a file, in the order of the source */
export function findMutants(file, text = readFileSync(join(root, file), "utf8")) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = text.split("\n");
  const found = [];
  const counts = new Map();
  const add = (node, to) => {
    const [start, end] = [node.getStart(), node.getEnd()];
    const { line } = source.getLineAndCharacterOfPosition(start);
    const from = oneLine(text.slice(start, end));
    const key = `${lines[line].trim()} | ${from} → ${oneLine(to)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const unique = count === 1 ? key : `${key} (${count})`;
    found.push({ file, line: line + 1, start, end, from, to, key: unique });
  };
  const visit = (node) => {
    if (isWithoutCode(node)) return;
    for (const to of replacements(node)) add(node, to);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

/** Types and imports do not exist at run time. */
function isWithoutCode(node) {
  return (
    (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node)
  );
}

function* replacements(node) {
  const { parent } = node;
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.getText();
    const to = OPERATORS[operator];
    const isText = operator === "+" && /["'`]/.test(node.getText());
    // Parentheses, because `a ?? b || c` is a syntax error.
    if (to && !isText) yield `((${node.left.getText()}) ${to} (${node.right.getText()}))`;
  } else if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.ExclamationToken) yield `!!${node.operand.getText()}`;
  } else if (ts.isNumericLiteral(node)) {
    const isKey =
      (ts.isPropertyAssignment(parent) && parent.name === node) ||
      (ts.isBindingElement(parent) && parent.propertyName === node);
    if (!isKey) yield `(${node.getText()} + 1)`;
  } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression, name } = node.expression;
    const to = Object.hasOwn(METHODS, name.text) ? METHODS[name.text] : undefined;
    // The middle of an optional chain is no expression of its own.
    if (to && !ts.isOptionalChain(parent))
      yield `${expression.getText()}.${to}${node.getText().slice(node.expression.getText().length)}`;
  }
  if (ts.isIfStatement(parent) && parent.expression === node) yield* ["true", "false"];
  if (ts.isConditionalExpression(parent) && parent.condition === node) yield `!(${node.getText()})`;
  if (ts.isReturnStatement(parent) && /^(?:true|false)$/.test(node.getText())) {
    yield String(node.getText() === "false");
  }
  if (ts.isExpressionStatement(parent) && isRemovableCall(node)) yield "undefined";
}

function isRemovableCall(node) {
  if (ts.isAwaitExpression(node) || ts.isVoidExpression(node)) {
    return ts.isCallExpression(node.expression);
  }
  return ts.isCallExpression(node) && node.expression.kind !== ts.SyntaxKind.SuperKeyword;
}

/** Returns the source with the fault. */
export function plant(text, { end, start, to }) {
  return text.slice(0, start) + to + text.slice(end);
}

/** Whether the source with the fault can be parsed. One that cannot would fail each test, and prove nothing. */
export function isValid(text, mutant) {
  try {
    transformSync(plant(text, mutant), { loader: mutant.file.endsWith("x") ? "tsx" : "ts" });
    return true;
  } catch {
    return false;
  }
}

/** Returns a source that calls `globalThis.reachMutant(ID)` whenever it evaluates the expression of a fault. */
export function markMutants(text, mutants) {
  const marks = mutants.flatMap(({ end, id, start }) => [
    { at: start, isEnd: 0, other: end, text: `(globalThis.reachMutant?.(${id}), ` },
    { at: end, isEnd: 1, other: start, text: ")" },
  ]);
  // From the end to the start, and at one place from the right to the left: expressions end before others start, and the longer
  // one of two that start or end there is outside.
  marks.sort((a, b) => b.at - a.at || a.isEnd - b.isEnd || a.other - b.other);
  return marks.reduce(
    (marked, mark) => marked.slice(0, mark.at) + mark.text + marked.slice(mark.at),
    text,
  );
}

const oneLine = (code) => code.replace(/\s+/g, " ");
