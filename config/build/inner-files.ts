import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "esbuild";

/** Module → its run-time imports: module and names. */
type Graph = Map<string, { readonly module: string; readonly names: readonly string[] }[]>;
type Owners = ReadonlyMap<string, string>;
type Names = Map<string, Set<string>>;

const root = resolve("src");
const FROM = /^(?:import|export) \{([^}]*)\} from "(\.[^"]+)\.js"/gm;

/** Inner files that other packages import in place of entries: file → entries, all of whose exports it has. */
export type Together = Readonly<Record<string, readonly string[]>>;

export function readGraph(together: Together = {}): Graph {
  const graph: Graph = new Map();
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const imports = [...readFileSync(join(root, file), "utf8").matchAll(FROM)].map(
      ([, list = "", from = ""]) => ({
        module: join(file, "..", from),
        names: list
          .split(",")
          .map((name) => name.trim().replace(/ as .*/, ""))
          .filter((name) => name !== "" && !name.startsWith("type ")),
      }),
    );
    graph.set(
      file.replace(/\.ts$/, ""),
      imports.filter(({ names }) => names.length > 0),
    );
  }
  for (const [file, entries] of Object.entries(together))
    graph.set(
      file,
      entries.flatMap((entry) => graph.get(entry) ?? []),
    );
  return graph;
}

export function ownersOf(
  graph: Graph,
  entries: readonly string[],
  innerFileOf: (module: string, reachedBy: readonly string[]) => string,
  together: Together = {},
): Owners {
  const reachedBy = new Map<string, string[]>();
  for (const entry of entries) {
    const reached = new Set([entry]);
    for (const module of reached)
      for (const imported of graph.get(module) ?? []) reached.add(imported.module);
    for (const module of reached) reachedBy.set(module, [...(reachedBy.get(module) ?? []), entry]);
  }
  const joined = Object.values(together).flat();
  const owners = new Map(
    [...reachedBy].map(([module, by]) => {
      if (entries.includes(module)) return [module, module];
      const [only = "", ...others] = by;
      const isOfOne = others.length === 0 && !joined.includes(only);
      return [module, isOfOne ? only : innerFileOf(module, by)];
    }),
  );
  for (const file of Object.keys(together)) owners.set(file, file);
  return owners;
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
export function checkEntries(graph: Graph, owners: Owners, entries: readonly string[]): void {
  for (const entry of entries) {
    for (const [module, names] of namesTaken(null, entry, graph, owners)) {
      const exported = graph.get(entry)?.filter((it) => it.module === module) ?? [];
      for (const name of names) {
        if (exported.some((it) => it.names.includes(name))) continue;
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

/** An inner file exports the names that other files import from it, and those of its entries for other packages. */
export function innerEntry(file: string, graph: Graph, owners: Owners): Plugin {
  const exported = namesTaken(null, file, graph, owners);
  for (const { module, names } of graph.get(file) ?? [])
    exported.set(module, new Set([...(exported.get(module) ?? []), ...names]));
  return {
    name: "inner-entry",
    setup(build) {
      const contents = reexports(exported);
      build.onLoad({ filter: /^/, namespace: "inner" }, () => ({ contents, resolveDir: root }));
      build.onResolve({ filter: /^/ }, ({ kind, path }) =>
        kind === "entry-point" ? { path, namespace: "inner" } : undefined,
      );
    },
  };
}

/** Imports of modules that another file contains become one import of that file. */
export function otherFiles(file: string, graph: Graph, owners: Owners): Plugin {
  return {
    name: "other-files",
    setup(build) {
      const extension = build.initialOptions.format === "cjs" ? "cjs" : "js";
      build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir, namespace }) => {
        if (kind === "entry-point" || !join(resolveDir, "/").startsWith(join(root, "/"))) {
          return undefined;
        }
        if (namespace === "other") return { path, external: true, sideEffects: false };
        const owner = owners.get(
          join(resolveDir, path)
            .slice(root.length + 1)
            .replace(/\.js$/, ""),
        );
        if (owner === undefined && path.endsWith(".js"))
          return { errors: [{ text: `${path}: not imported as \`import { … } from "….js"\`` }] };
        if (owner === undefined || owner === file) return undefined;
        return { path: owner, namespace: "other", sideEffects: false };
      });
      build.onLoad({ filter: /^/, namespace: "other" }, ({ path }) => {
        const names = [...namesTaken(file, path, graph, owners).values()].flatMap((of) => [...of]);
        const contents = `export { ${[...new Set(names)].join(", ")} } from "./${path}.${extension}";`;
        return { contents, resolveDir: root };
      });
    },
  };
}

function reexports(taken: Names): string {
  return [...taken]
    .map(([module, names]) => `export { ${[...names].join(", ")} } from "./${module}.js";\n`)
    .join("");
}
