import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Plugin } from "esbuild";

/** Module → its run-time imports: module and names. */
export type Graph = ReadonlyMap<string, readonly Imported[]>;

interface Imported {
  readonly module: string;
  readonly names: readonly string[];
  /** The names under which the importer exports them, in the same order. */
  readonly as: readonly string[];
}

type Owners = ReadonlyMap<string, string>;
type Names = Map<string, Set<string>>;

/** Which file of a package has which module. */
export interface Layout {
  /** Names of files in `src` that users import. */
  readonly entries: readonly string[];
  /** The file of a module that is no entry: an inner file, or an entry that exports what the others need of the module. */
  fileOf(module: string, reachedBy: readonly string[]): string;
  /** Whether each file that needs a module has a copy of it, those of other packages too. Default: no module. */
  isCopied?(module: string): boolean;
}

const FROM = /^(?:import|export) \{([^}]*)\} from "(\.[^"]+)\.js"/gm;
const LATER = /(?<!typeof )\bimport\("(\.[^"]+)\.js"\)/g;

function sourcesIn(root: string): readonly string[] {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
}

/** Modules that others load when they need them, by `import()`, with the file that each of them begins. */
export function laterModules(root: string): ReadonlyMap<string, string> {
  return new Map(
    sourcesIn(root).flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(LATER)].map(([, path = ""]) => {
        return [join(file, "..", path), basename(path)] as const;
      }),
    ),
  );
}

/** Reads the imports of the modules in `root`, the folder `src` of a package. */
export function readGraph(root: string): Graph {
  return new Map(
    sourcesIn(root).map((file) => {
      const imports = [...readFileSync(join(root, file), "utf8").matchAll(FROM)].map(
        ([, list = "", from = ""]) => {
          const names = list
            .split(",")
            .map((name) => name.trim().split(" as "))
            .filter(([name = ""]) => name !== "" && !name.startsWith("type "));
          return {
            module: join(file, "..", from),
            names: names.map(([name = ""]) => name),
            as: names.map((name) => name.at(-1) ?? ""),
          };
        },
      );
      return [file.replace(/\.ts$/, ""), imports.filter(({ names }) => names.length > 0)];
    }),
  );
}

/** Without copied modules: what they import is imported by who imports them. */
export function withoutCopied(graph: Graph, isCopied: Layout["isCopied"]): Graph {
  if (isCopied === undefined) return graph;
  const insteadOf = (imported: Imported): readonly Imported[] =>
    isCopied(imported.module) ? (graph.get(imported.module) ?? []).flatMap(insteadOf) : [imported];
  return new Map(
    [...graph]
      .filter(([module]) => !isCopied(module))
      .map(([module, imports]) => [module, imports.flatMap(insteadOf)]),
  );
}

/** @param later - see {@link laterModules}. */
export function ownersOf(
  graph: Graph,
  { entries, fileOf }: Layout,
  later: ReadonlyMap<string, string> = new Map(),
): Owners {
  const begins = new Map([...entries.map((entry) => [entry, entry] as const), ...later]);
  const reachedBy = new Map<string, string[]>();
  for (const [begin, file] of begins) {
    const reached = new Set([begin]);
    for (const module of reached)
      for (const imported of graph.get(module) ?? []) reached.add(imported.module);
    for (const module of reached) reachedBy.set(module, [...(reachedBy.get(module) ?? []), file]);
  }
  return new Map(
    [...reachedBy].map(([module, by]) => [module, begins.get(module) ?? fileOf(module, by)]),
  );
}

/** Whether a file has a copy of a module, which its modules import or other copies do. */
export function hasCopy(file: string, module: string, graph: Graph, owners: Owners): boolean {
  return [...graph].some(
    ([importer, imports]) =>
      imports.some((imported) => imported.module === module) &&
      (owners.get(importer) === file ||
        (!owners.has(importer) && hasCopy(file, importer, graph, owners))),
  );
}

/** Throws if files import each other in a circle: in CommonJS one of them would see an empty object. */
export function checkOrder(graph: Graph, owners: Owners): void {
  for (const start of new Set(owners.values())) {
    const reached = new Set<string>();
    const follow = (file: string): void => {
      for (const imported of filesImportedBy(file, graph, owners)) {
        if (reached.has(imported)) continue;
        reached.add(imported);
        follow(imported);
      }
    };
    follow(start);
    if (reached.has(start)) throw new Error(`The file "${start}" imports itself by another`);
  }
}

/** Throws if a file takes from that of an entry what the entry does not export. */
export function checkEntries(graph: Graph, owners: Owners, entries: Iterable<string>): void {
  for (const entry of entries) {
    for (const [module, names] of namesTaken(null, entry, graph, owners)) {
      const exported = graph.get(entry)?.filter((it) => it.module === module) ?? [];
      for (const name of names) {
        if (exported.some(({ as, names }) => as.some((it, i) => it === name && names[i] === name)))
          continue;
        throw new Error(
          `"${name}" of ${module}.ts is in the file of "${entry}", which does not export it`,
        );
      }
    }
  }
}

function filesImportedBy(file: string, graph: Graph, owners: Owners): ReadonlySet<string> {
  const imported = new Set<string>();
  for (const [importer, owner] of owners)
    for (const { module } of owner === file ? (graph.get(importer) ?? []) : []) {
      const other = owners.get(module);
      if (other !== undefined && other !== file) imported.add(other);
    }
  return imported;
}

/** Per module of the file `from`: the names that `by` imports, or any other file. */
function namesTaken(by: string | null, from: string, graph: Graph, owners: Owners): Names {
  const taken: Names = new Map();
  for (const [importer, owner] of owners)
    for (const { module, names } of graph.get(importer) ?? [])
      if (owner !== from && (by ?? owner) === owner && owners.get(module) === from)
        taken.set(module, new Set([...(taken.get(module) ?? []), ...names]));
  return taken;
}

/** An inner file exports the names that other files import from it. */
export function innerEntry(root: string, file: string, graph: Graph, owners: Owners): Plugin {
  const exported = namesTaken(null, file, graph, owners);
  return {
    name: "inner-entry",
    setup(build) {
      const contents = [...exported].map(([module, names]) => exporting(names, `./${module}.js`));
      build.onLoad({ filter: /^/, namespace: "inner" }, () => ({
        contents: contents.join(""),
        resolveDir: root,
      }));
      build.onResolve({ filter: /^/ }, ({ kind, path }) =>
        kind === "entry-point" ? { path, namespace: "inner" } : undefined,
      );
    },
  };
}

/** Imports of modules that another file contains become one import of that file. */
export function otherFiles(
  root: string,
  file: string,
  graph: Graph,
  owners: Owners,
  isCopied: Layout["isCopied"],
): Plugin {
  return {
    name: "other-files",
    setup(build) {
      const extension = build.initialOptions.format === "cjs" ? "cjs" : "js";
      build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir, namespace }) => {
        if (kind === "entry-point" || !join(resolveDir, "/").startsWith(join(root, "/"))) {
          return undefined;
        }
        if (namespace === "other") return { path, external: true, sideEffects: false };
        const module = moduleAt(root, resolveDir, path);
        if (kind === "dynamic-import")
          return { path: `./${owners.get(module)}.${extension}`, external: true };
        if (isCopied?.(module)) return undefined;
        const owner = owners.get(module);
        if (owner === undefined && path.endsWith(".js"))
          return { errors: [{ text: `${path}: not imported as \`import { … } from "….js"\`` }] };
        if (owner === undefined || owner === file) return undefined;
        return { path: owner, namespace: "other", sideEffects: false };
      });
      build.onLoad({ filter: /^/, namespace: "other" }, ({ path }) => {
        const names = [...namesTaken(file, path, graph, owners).values()].flatMap((of) => [...of]);
        const from = `./${path}.${extension}`;
        return { contents: exporting(new Set(names), from), resolveDir: root };
      });
    },
  };
}

/**
 * Imports of the entries of another package of ours become one import of each of its files that have what is imported: the
 * file of an entry alone would only pass it on. What is copied is read from its sources.
 */
export function filesElsewhere(folder: string, layout: Layout): Plugin {
  const { entries, isCopied } = layout;
  const name = `@sortition/${folder}`;
  const root = resolve("..", folder, "src");
  const all = readGraph(root);
  const graph = withoutCopied(all, isCopied);
  const owners = ownersOf(graph, layout, laterModules(root));
  const ofEntry = (entry: string): string =>
    (all.get(entry) ?? [])
      .map(({ module, names, as }) => {
        const owner = owners.get(module);
        if (owner === entry) return exporting(as, `${name}/file/${owner}`);
        const renamed = as.map((it, i) => `${names[i]} as ${it}`);
        const copied = isCopied?.(module) ? join(root, `${module}.ts`) : null;
        return exporting(renamed, copied ?? `${name}/file/${owner}`);
      })
      .join("");
  const ofFile = (file: string): string =>
    exporting(namesIn(file, entries, graph, owners), `${name}/inner/${file}`);
  const namespace = name;
  const isPure = { sideEffects: false };
  const fileAt = new RegExp(`^${name}/file/`);
  return {
    name: `files-of-${name}`,
    setup(build) {
      const entry = new RegExp(`^${name}(?:/(?:${entries.join("|")}))?$`);
      build.onResolve({ filter: entry }, ({ kind, path }) =>
        kind === "dynamic-import" ? { path, external: true } : { path, namespace, ...isPure },
      );
      build.onResolve({ filter: fileAt, namespace }, ({ path }) => ({
        path,
        namespace,
        ...isPure,
      }));
      build.onResolve({ filter: new RegExp(`^${name}/inner/`), namespace }, ({ path }) => ({
        path,
        external: true,
        ...isPure,
      }));
      // What a copied module imports.
      build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        if (!join(resolveDir, "/").startsWith(join(root, "/"))) return undefined;
        const owner = owners.get(moduleAt(root, resolveDir, path));
        if (owner === undefined) return undefined;
        return { path: `${name}/file/${owner}`, namespace, ...isPure };
      });
      build.onLoad({ filter: /^/, namespace }, ({ path }) => ({
        contents: fileAt.test(path)
          ? ofFile(path.replace(fileAt, ""))
          : ofEntry(path.slice(name.length + 1) || "index"),
        resolveDir: root,
      }));
    },
  };
}

/** The names of its modules that a file exports. */
function namesIn(
  file: string,
  entries: readonly string[],
  graph: Graph,
  owners: Owners,
): readonly string[] {
  if (!entries.includes(file)) {
    return [...namesTaken(null, file, graph, owners).values()].flatMap((taken) => [...taken]);
  }
  const imports = graph.get(file) ?? [];
  return imports.flatMap(({ module, as }) => (owners.get(module) === file ? as : []));
}

/** What other packages may import from each file of a package, whose sources are in `root`. */
export function innerNames(
  root: string,
  layout: Layout,
): Readonly<Record<string, readonly string[]>> {
  const graph = withoutCopied(readGraph(root), layout.isCopied);
  const owners = ownersOf(graph, layout, laterModules(root));
  return Object.fromEntries(
    [...new Set(owners.values())].map((file) => [
      file,
      [...namesIn(file, layout.entries, graph, owners)].sort(),
    ]),
  );
}

function moduleAt(root: string, folder: string, path: string): string {
  return join(folder, path)
    .slice(resolve(root).length + 1)
    .replace(/\.js$/, "");
}

function exporting(names: Iterable<string>, from: string): string {
  return `export { ${[...names].join(", ")} } from ${JSON.stringify(from)};\n`;
}
