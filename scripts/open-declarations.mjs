/**
 * Removes private and protected members from the declarations in the `dist` of a package. A class is declared twice, in a
 * `.d.ts` and in a `.d.cts`, and TypeScript takes two classes with such members for different types: in CommonJS, a client of
 * `await import("@sortition/posthog")` would not fit a variable of `import type { PostHog } from "@sortition/posthog"`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";

const folder = `${process.cwd()}/dist`;
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!/\.d\.c?ts$/.test(name)) continue;
  const path = `${folder}/${name}`;
  const text = readFileSync(path, "utf8");
  const opened = withoutHidden(ts.createSourceFile(name, text, ts.ScriptTarget.Latest));
  if (opened !== text) writeFileSync(path, opened);
}

/** @param {ts.SourceFile} source */
function withoutHidden(source) {
  const hidden = source.statements
    .filter(ts.isClassDeclaration)
    .flatMap(({ members }) => members.filter(isHidden));
  let text = source.text;
  // From the end, so that the places of the others stay. A member begins with its comment.
  for (const member of hidden.reverse()) text = text.slice(0, member.pos) + text.slice(member.end);
  return text;
}

/**
 * A private constructor stays: it hides no type, and says that the class is not made by `new`.
 *
 * @param {ts.ClassElement} member
 */
function isHidden(member) {
  if (ts.isConstructorDeclaration(member)) return false;
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return true;
  const kinds = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  return (
    ts.canHaveModifiers(member) &&
    ts.getModifiers(member)?.some(({ kind }) => kinds.includes(kind)) === true
  );
}
