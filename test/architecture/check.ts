import { posix } from "node:path";
import ts from "typescript";
import {
  closedFolders,
  coreArrows,
  entriesForAuthors,
  maxTypeCircle,
  packageArrows,
  roomOrder,
  testOnlyPackages,
  typesPointUp,
  unreachable,
} from "./rules.ts";

/** A source file: its path from the root of the repository, with `/`, and its content. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly specifier: string;
  /** The compiler removes the import, so it cannot be part of a cycle at run time. */
  readonly isTypeOnly: boolean;
}

/** The imports of each file by its path. */
type Files = ReadonlyMap<string, readonly Import[]>;

/** Checks all imports, and returns each breach as `file: breach`. `entries` may be imported: `@sortition/core/dialect`. */
export function findBreaches(
  sources: readonly Source[],
  entries: ReadonlySet<string>,
): readonly string[] {
  const files = new Map(sources.map(({ path, text }) => [moduleOf(path), importsOf(path, text)]));
  return [
    ...[...files].flatMap(([path, imports]) =>
      imports
        .flatMap((it) => breachOf(path, it, entries) ?? [])
        .map((breach) => `${path}: ${breach}`),
    ),
    ...circlesOf(files, ({ isTypeOnly }) => !isTypeOnly)
      .filter((circle) => circle.length > 1)
      .map((circle) => `${circle[0]}: cycle of ${circle.join(", ")}`),
    ...circlesOf(files, () => true)
      .filter((circle) => circle.length > maxTypeCircle)
      .filter((circle) => !circle.every((path) => path.startsWith("packages/core/src/model/")))
      .map((circle) => `${circle[0]}: circle of types: ${circle.join(", ")}`),
    ...Object.entries(unreachable).flatMap(([entry, folders]) => reached(files, entry, folders)),
  ];
}

/** Returns all imports of a file: `import`, `export from`, `import()`, `require()` and `import("…")` types. */
function importsOf(path: string, text: string): readonly Import[] {
  const imports: Import[] = [];
  const note = (node: ts.Node | undefined, isTypeOnly = false): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) {
      imports.push({ specifier: node.text, isTypeOnly });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      // With verbatimModuleSyntax, `import { type X }` loads the module.
      const isTypeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      note(node.moduleSpecifier, isTypeOnly);
    } else if (ts.isExportDeclaration(node)) note(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isExternalModuleReference(node)) note(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      note(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText())) {
      note(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return imports;
}

/** Returns the breach of one import, or `null`. */
function breachOf(path: string, it: Import, entries: ReadonlySet<string>): string | null {
  const { specifier } = it;
  const [parent, name = ""] = partsOf(path);
  const arrows = packageArrows[name];
  if (parent !== "apps" && arrows === undefined) return "its package is not in the table";
  const isTest = path.endsWith(".test.ts");
  const target = specifier.startsWith(".") ? fileOf(path, specifier) : null;
  const closed = Object.keys(closedFolders).find((it) => path.startsWith(it));
  if (closed !== undefined && !isTest && target?.startsWith(closed) !== true) {
    const allowed = closedFolders[closed] ?? [];
    const isAllowed = allowed.includes(specifier) || target === `${parent}/${name}/src/version.ts`;
    return isAllowed ? null : `may import ${allowed.join(" and ")} alone, not ${specifier}`;
  }
  if (target !== null) {
    const home = `${parent}/${name}`;
    const isInside = target.startsWith(`${home}/src/`) || target === `${home}/package.json`;
    // Unit tests may import helpers from `test/`.
    if (!isInside && !(isTest && target.startsWith(`${home}/test/`)))
      return `leaves its src/: ${target}`;
    return isTest ? null : folderBreach(path, target, it.isTypeOnly);
  }
  if (specifier.startsWith("@sortition/")) {
    const imported = specifier.split("/")[1] ?? "";
    if (!entries.has(specifier)) return `${specifier} is not an entry of a package`;
    if (parent === "packages" && entriesForAuthors.includes(specifier))
      return `${specifier} is for authors of other packages: import ${specifier.replace("kit", "internal")}`;
    const isAllowed = imported === name || (arrows?.includes(imported) ?? true);
    return isAllowed || (isTest && testOnlyPackages.includes(imported))
      ? null
      : `${name} may not import ${specifier}`;
  }
  // Unit tests may import vitest. Core's tests that need Node are in its `test/`.
  const isAllowed = name !== "core" || (isTest && !specifier.startsWith("node:"));
  return isAllowed ? null : `core has no dependency, and imports nothing from Node: ${specifier}`;
}

/** Returns the breach of an import from one folder of a package's `src` to another, or `null`. */
function folderBreach(path: string, target: string, isTypeOnly: boolean): string | null {
  const [, name = "", , from] = partsOf(path);
  const to = partsOf(target)[3];
  if (from === undefined || from === to) return null;
  const breach = `${from}/ may not import ${to === undefined ? posix.basename(target) : `${to}/`}`;
  if (target === `packages/${name}/package.json`) return null;
  if (name === "core") {
    const allowed = ["model", "errors", ...(coreArrows[from] ?? [])];
    return to !== undefined && from in coreArrows && allowed.includes(to) ? null : breach;
  }
  const order = roomOrder[name];
  if (order === undefined || (isTypeOnly && typesPointUp.includes(name))) return null;
  const room = to ?? posix.basename(target);
  const place = order.indexOf(from);
  return place !== -1 && place < order.indexOf(room) ? null : breach;
}

/**
 * Returns sorted groups of files, in each of which every file reaches all others through imports.
 *
 * @see Tarjan, "Depth-first search and linear graph algorithms" (1972)
 */
function circlesOf(files: Files, isCounted: (it: Import) => boolean): readonly string[][] {
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  /** Returns the lowest number that is reached among open files. */
  const visit = (path: string): number => {
    const own = numbers.size;
    numbers.set(path, own);
    open.push(path);
    let lowest = own;
    for (const it of files.get(path) ?? []) {
      const target = isCounted(it) ? fileOf(path, it.specifier) : "";
      if (!files.has(target)) continue;
      const number = numbers.get(target);
      if (number === undefined) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, number);
    }
    if (lowest === own) circles.push(open.splice(open.indexOf(path)).sort());
    return lowest;
  };
  for (const path of files.keys()) if (!numbers.has(path)) visit(path);
  return circles;
}

/** Reports an entry that reaches one of the folders, with the chain of imports. */
function reached(files: Files, entry: string, folders: RegExp): readonly string[] {
  const ways = new Map([[fileOf("", `@sortition/${entry}`), entry]]);
  for (const [path, way] of ways) {
    if (folders.test(path)) return [`@sortition/${entry}: reaches ${path} by ${way}`];
    for (const { specifier } of files.get(path) ?? []) {
      const target = fileOf(path, specifier);
      if (!ways.has(target)) ways.set(target, `${way} -> ${target}`);
    }
  }
  return [];
}

/** Splits a path into `packages`, the package, `src`, and the folder below it if there is one. */
function partsOf(path: string): readonly string[] {
  return path.split("/").slice(0, -1).slice(0, 4);
}

/** Returns the path with which others import a file. Imports do not distinguish `.ts` and `.tsx`. */
function moduleOf(path: string): string {
  return path.replace(/\.tsx$/, ".ts");
}

/** Returns the source file of an import; for another package, the file of its entry. */
function fileOf(path: string, specifier: string): string {
  if (specifier.startsWith(".")) {
    return posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");
  }
  const [, name = "", ...rest] = specifier.split("/");
  const parent = name.endsWith("-kit") ? "tools" : "packages";
  return `${parent}/${name}/src/${rest.join("/") || "index"}.ts`;
}
