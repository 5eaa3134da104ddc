import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

const MANIFEST = "package.json";

export interface InstalledPackage {
  readonly name: string;
  readonly files: readonly InstalledFile[];
}

export interface InstalledFile {
  readonly path: string;
  readonly sizeBytes: number;
}

interface Manifest {
  readonly name: string;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Lists the packages that an install adds to an empty folder: the package itself and its transitive dependencies. Reads the
 * packages that are already installed, and downloads nothing.
 *
 * @param folder - folder from which the package can be resolved.
 * @throws Error if a dependency that is not optional cannot be found.
 */
export function installedWith(name: string, folder: string): readonly InstalledPackage[] {
  const found = new Set<string>();
  const collect = (dependency: string, dependent: string, isOptional: boolean): void => {
    const at = findPackage(dependency, dependent);
    if (at === null && !isOptional) throw new Error(`${dependent} lacks ${dependency}`);
    if (at === null || found.has(at)) return;
    found.add(at);
    const { dependencies = {}, optionalDependencies = {} } = readManifest(at);
    for (const it of Object.keys(dependencies)) collect(it, at, it in optionalDependencies);
    for (const it of Object.keys(optionalDependencies)) collect(it, at, true);
  };
  collect(name, folder, false);
  return [...found].map((at) => ({ name: readManifest(at).name, files: publishedFiles(at) }));
}

/** Resolves a package like Node, in the `node_modules` of each parent folder; `null` if it is not found. */
function findPackage(name: string, folder: string): string | null {
  const candidate = join(folder, "node_modules", name);
  if (existsSync(candidate)) return realpathSync(candidate);
  const parent = dirname(folder);
  return parent === folder ? null : findPackage(name, parent);
}

/** Returns all files of an installed package; for a package of this workspace, the files that would be published. */
export function publishedFiles(folder: string): readonly InstalledFile[] {
  const isInstalled = folder.split(sep).includes("node_modules");
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split(sep).includes("node_modules"));
  const paths = isInstalled ? all : withoutFormerBuilds(folder, all.filter(isPublished(folder)));
  return paths.map((path) => ({ path, sizeBytes: statSync(join(folder, path)).size }));
}

function isPublished(folder: string): (path: string) => boolean {
  const { files = [] } = readManifest(folder);
  return (path) =>
    path === MANIFEST || files.some((it) => path === it || path.startsWith(it + sep));
}

/**
 * Excludes files that no other file refers to. They are from former builds, which a cached build does not delete.
 */
function withoutFormerBuilds(folder: string, paths: readonly string[]): readonly string[] {
  const reached = new Set([MANIFEST, "README.md"]);
  // The loop also visits paths that are added during it.
  for (const path of reached) {
    const text = readFileSync(join(folder, path), "utf8");
    // A declaration refers to another one by the name of its module.
    for (const it of paths) if (text.includes(`${basename(it).split(".")[0]}.`)) reached.add(it);
  }
  return paths.filter((path) => reached.has(path));
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")); // npm has checked it
}
