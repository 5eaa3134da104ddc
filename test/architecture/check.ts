import { posix } from "node:path";
import type { SourceFile } from "typescript";
import {
  closedFolders,
  coreFolderArrows,
  coreFoundation,
  dialectFolders,
  folderOrder,
  hostFile,
  keptWords,
  largerTypeCircles,
  MAX_FILES_OF_FOLDER,
  maxTypeCircle,
  neutralEntries,
  onlyCallers,
  packageArrows,
  platformGlobals,
  replacedClasses,
  retiredWords,
  testOnlyPackages,
  testTools,
  timedPromises,
  timerRooms,
} from "./rules.ts";
import {
  freeNamesOf,
  type Import,
  importsOf,
  namesOf,
  parse,
  type Source,
  usesOf,
} from "./source.ts";

const coreSource = "packages/core/src/";

/** Checks all imports of the sources and returns each breach of the rules as one line: `file: breach`. */
export function findBreaches(sources: readonly Source[]): readonly string[] {
  const files = sources.map((source) => {
    const parsed = parse(source);
    return { path: source.path, parsed, imports: importsOf(parsed) };
  });
  const ofFiles = files.flatMap(({ path, imports, parsed }) =>
    [
      ...imports.flatMap((it) => [
        ...importBreaches(path, it.specifier),
        ...climbBreaches(path, it),
      ]),
      ...platformBreaches(path, parsed),
      ...runtimeBreaches(path, parsed, imports),
      ...wordBreaches(path, parsed),
    ].map((what) => `${path}: ${what}`),
  );
  const unknownPackages = [...new Set(files.map(({ path }) => packageOf(path)))]
    .filter((name) => !Object.hasOwn(packageArrows, name))
    .map((name) => `${name}: is not in the table of packages`);
  return [
    ...unknownPackages,
    ...fullFolders(sources),
    ...ofFiles,
    ...findCycles(files),
    ...findTypeCircles(files),
    ...findReachedDialects(files),
  ];
}

function importBreaches(path: string, specifier: string): readonly string[] {
  const closed = Object.entries(closedFolders).find(([folder]) => path.startsWith(folder));
  if (closed !== undefined && !isTest(path)) return closedBreaches(path, specifier, ...closed);
  if (specifier.startsWith(".")) return relativeBreaches(path, resolve(path, specifier));
  const own = /^@sortition\/([^/]+)(?:\/(.*))?$/.exec(specifier);
  if (own !== null) return packageBreaches(path, own[1]!, own[2] ?? "");
  // Unit tests import vitest and fast-check. Tests of core that need Node are in test/, not in src/.
  const isTestTool = isTest(path) && !specifier.startsWith("node:");
  return path.startsWith(coreSource) && !isTestTool
    ? [`core may not import "${specifier}": it runs on any runtime and has no dependencies`]
    : [];
}

/** A folder that may import nothing but a few entries and its own files. */
function closedBreaches(
  path: string,
  specifier: string,
  folder: string,
  entries: readonly string[],
): readonly string[] {
  const isOwn = specifier.startsWith(".") && resolve(path, specifier).startsWith(folder);
  if (isOwn || entries.includes(specifier)) return [];
  return [`may import ${entries.join(", ")} and its own folder only, not ${specifier}`];
}

function packageBreaches(path: string, name: string, entry: string): readonly string[] {
  const arrows = packageArrows[packageOf(path)];
  if (!arrows?.includes(name) && !(isTest(path) && testOnlyPackages.includes(name))) {
    return [`${packageOf(path)} may not import @sortition/${name}`];
  }
  return /^(src|dist|internal)(\/|$)|\/internal(\/|$)/.test(entry)
    ? [`@sortition/${name}/${entry} is not an entry of that package`]
    : [];
}

function relativeBreaches(path: string, target: string): readonly string[] {
  if (!target.startsWith(`${packageOf(path)}/`)) {
    return [`reaches into another package: ${target}`];
  }
  const isOwnManifest = target === `${packageOf(path)}/package.json`;
  const isOwnTest = isTest(path) && target.startsWith(`${packageOf(path)}/test/`);
  if (!target.startsWith(`${packageOf(path)}/src/`) && !isOwnManifest && !isOwnTest) {
    return [`leaves its src/: ${target}`];
  }
  return isTest(path) ? [] : folderBreaches(path, target);
}

/** Checks the arrows between folders of core. Unit tests may import from any folder. */
function folderBreaches(path: string, target: string): readonly string[] {
  const from = coreFolderOf(path);
  const to = coreFolderOf(target);
  if (from === undefined || from === to) return [];
  const arrows = coreFolderArrows[from];
  if (arrows === undefined) return [`${from}/ is not in the table of core's folders`];
  if (to !== undefined && [...coreFoundation, ...arrows].includes(to)) return [];
  return [`${from}/ may not import ${to === undefined ? posix.basename(target) : `${to}/`}`];
}

/** Checks that a folder imports folders below it alone. */
function climbBreaches(path: string, { specifier, isTypeOnly }: Import): readonly string[] {
  const order = folderOrder[packageOf(path)];
  if (order === undefined || isTypeOnly || !specifier.startsWith(".") || isTest(path)) return [];
  const from = folderOf(path);
  const to = folderOf(resolve(path, specifier));
  if (from === undefined || to === undefined || from === to) return [];
  const [place, target] = [order.indexOf(from), order.indexOf(to)];
  if (place === -1) return [`${from}/ is not in the order of the folders of ${packageOf(path)}`];
  return place < target ? [] : [`${from}/ is below ${to}/, and may not import it`];
}

/** Folders that have too many files to be read at a glance. */
function fullFolders(sources: readonly Source[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { path } of sources) {
    if (!path.startsWith("packages/") || !path.includes("/src/") || isTest(path)) continue;
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > MAX_FILES_OF_FOLDER)
    .map(([folder, count]) => `${folder}: has ${count} files, more than ${MAX_FILES_OF_FOLDER}`);
}

function platformBreaches(path: string, parsed: SourceFile): readonly string[] {
  if (!path.startsWith(coreSource) || path === hostFile || isTest(path)) return [];
  const freeNames = freeNamesOf(parsed);
  return platformGlobals
    .filter((name) => freeNames.has(name))
    .map((name) => `core may not use the global ${name}: take it from runtime/host.ts`);
}

/** What waits, paces and fans out stands once: see docs/decisions/0051. */
function runtimeBreaches(
  path: string,
  parsed: SourceFile,
  imports: readonly Import[],
): readonly string[] {
  if (!path.startsWith("packages/") || isTest(path)) return [];
  if (testTools.some((folder) => path.startsWith(folder))) return [];
  const { used, classes } = usesOf(parsed);
  const breaches: string[] = [];
  const uses = (...names: readonly string[]): boolean => names.some((name) => used.has(name));
  const isTimed =
    (uses("setTimer", "setTimeout", "setInterval") &&
      uses("new Promise", "race", "withResolvers")) ||
    (used.has("setTimeout") &&
      imports.some(({ specifier }) => specifier === "node:timers/promises"));
  const mayBeTimed = timerRooms.includes(path) || Object.hasOwn(timedPromises, path);
  if (isTimed && !mayBeTimed) {
    breaches.push("a promise over a timer: use core/runtime/deadline or pause");
  }
  if (!isTimed && Object.hasOwn(timedPromises, path)) {
    breaches.push("has no promise over a timer any more: take it from the list");
  }
  for (const [name, callers] of Object.entries(onlyCallers)) {
    if (used.has(name) && !callers.some((caller) => path.startsWith(caller))) {
      breaches.push(`only ${callers.join(", ")} may use ${name}`);
    }
  }
  for (const name of classes) {
    const { by, at } = replacedClasses[name] ?? {};
    if (by !== undefined && at !== path) breaches.push(`a class ${name}: use ${by}`);
  }
  return breaches;
}

/** Names of packages, in code and of files, that have a retired word. */
function wordBreaches(path: string, parsed: SourceFile): readonly string[] {
  if (isTest(path) || !path.startsWith("packages/")) return [];
  const names = [...namesOf(parsed), ...path.replace(/\.ts$/, "").split("/").slice(3)];
  return names.flatMap((name) => {
    if (keptWords.some((kept) => kept.test(`${path}: ${name}`) || kept.test(path))) return [];
    const word = [name, ...wordsOf(name)].find((it) => Object.hasOwn(retiredWords, it));
    return word === undefined ? [] : [`the name ${name}: use ${retiredWords[word]}`];
  });
}

/** The words of a name, in lower case: `lookAgain`, `LOOK_AGAIN` and `look-again` have two. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
}

interface File {
  readonly path: string;
  readonly imports: readonly Import[];
}

/** Returns each cycle of run-time imports once, as `a.ts: cycle a.ts -> b.ts -> a.ts`. */
function findCycles(files: readonly File[]): readonly string[] {
  const targets = new Map(
    files.map(({ path, imports }) => [
      path,
      imports
        .filter(({ specifier, isTypeOnly }) => specifier.startsWith(".") && !isTypeOnly)
        .map(({ specifier }) => resolve(path, specifier)),
    ]),
  );
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      cycles.push(`${path}: cycle ${[...trail.slice(start), path].join(" -> ")}`);
      return;
    }
    if (finished.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
  return cycles;
}

/** Returns each circle of imports, types included, that has too many files, as `a.ts: circle of 4 files: a.ts, b.ts, …`. */
function findTypeCircles(files: readonly File[]): readonly string[] {
  return circlesOf(files)
    .filter(({ length }) => length > maxTypeCircle)
    .filter(
      (circle) =>
        !Object.keys(largerTypeCircles).some((folder) =>
          circle.every((path) => path.startsWith(folder)),
        ),
    )
    .map((circle) => `${circle[0]}: circle of ${circle.length} files: ${circle.join(", ")}`);
}

/**
 * Groups of files each of which reaches all others of its group by relative imports, sorted.
 *
 * @see Tarjan, "Depth-first search and linear graph algorithms" (1972)
 */
function circlesOf(files: readonly File[]): readonly (readonly string[])[] {
  const importsByPath = new Map(files.map(({ path, imports }) => [path, imports]));
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  /** Returns the lowest number that is reached among open files. */
  const visit = (path: string): number => {
    const own = numbers.size;
    numbers.set(path, own);
    open.push(path);
    let lowest = own;
    for (const { specifier } of importsByPath.get(path) ?? []) {
      const target = specifier.startsWith(".") ? resolve(path, specifier) : null;
      if (target === null || !importsByPath.has(target)) continue;
      const number = numbers.get(target);
      if (number === undefined) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, number);
    }
    if (lowest === own) circles.push(open.splice(open.indexOf(path)).sort());
    return lowest;
  };
  for (const { path } of files) if (!numbers.has(path)) visit(path);
  return circles;
}

/** Returns each neutral entry that reaches a dialect once, with the way that leads there. */
function findReachedDialects(files: readonly File[]): readonly string[] {
  const importsByPath = new Map(files.map(({ path, imports }) => [path, imports]));
  return neutralEntries.flatMap((entry) => {
    const ways = new Map<string, string>([[entry, posix.basename(entry)]]);
    for (const [path, way] of ways) {
      if (dialectFolders.some((folder) => path.startsWith(folder))) {
        return [`${entry}: reaches a dialect by ${way}`];
      }
      for (const { specifier } of importsByPath.get(path) ?? []) {
        const target = fileOf(path, specifier);
        if (target !== null && !ways.has(target)) ways.set(target, `${way} -> ${target}`);
      }
    }
    return [];
  });
}

/** The source file behind an import, also of another package; `null` if it is not ours. */
function fileOf(path: string, specifier: string): string | null {
  if (specifier.startsWith(".")) return resolve(path, specifier);
  const own = /^@sortition\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  return own === null ? null : `packages/${own[1]}/src/${own[2] ?? "index"}.ts`;
}

/** Resolves `./x.js` to the source file `x.ts`. */
function resolve(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");
}

function packageOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}

/** The folder of core that contains a file; `undefined` at the top of `src/` and outside of core. */
function coreFolderOf(path: string): string | undefined {
  const parts = path.startsWith(coreSource) ? path.slice(coreSource.length).split("/") : [];
  return parts.length > 1 ? parts[0] : undefined;
}

/** The folder of a package's `src` that contains a file; `undefined` at the top of `src/`. */
function folderOf(path: string): string | undefined {
  const [, , , folder, ...rest] = path.split("/");
  return rest.length > 0 ? folder : undefined;
}

function isTest(path: string): boolean {
  return path.endsWith(".test.ts");
}
