import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Name of the manifest at the root of this repository. */
const WORKSPACE = "sortition-workspace";

/** A built checkout of this repository. */
export interface Checkout {
  readonly folder: string;
  /** Where its built bench is. */
  readonly bench: string;
  readonly cellIds: readonly string[];
}

/** Opens a checkout. @throws Error that names the folder if it is none, or is not built. */
export function openCheckout(path: string): Checkout {
  const folder = resolve(path);
  if (!existsSync(folder)) throw new Error(`${folder} does not exist`);
  if (nameIn(folder) !== WORKSPACE) throw new Error(`${folder} is no checkout of this repository`);
  const bench = join(folder, "apps/bench/dist");
  const notBuilt = `${folder} has no build: run \`npm run build\` in it`;
  if (!existsSync(bench)) throw new Error(notBuilt);
  try {
    return { folder, bench, cellIds: cellIdsOf(bench) };
  } catch (cause) {
    throw new Error(`${notBuilt} (${(cause as Error).message})`, { cause }); // cellIdsOf throws errors
  }
}

/** Folders of the packages of a checkout, by name. */
export function packagesOf(folder: string): ReadonlyMap<string, string> {
  const folders = readdirSync(join(folder, "packages")).map((name) =>
    join(folder, "packages", name),
  );
  return new Map(folders.flatMap((it) => [[nameIn(it) ?? "", it] as const]));
}

/**
 * Asks a built bench for its cells. Their modules import all packages that it measures.
 *
 * @throws Error with the reason if it does not run.
 */
export function cellIdsOf(bench: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(bench, "main.js"), "--help"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(/^\w*Error.*$/m.exec(stderr)?.[0] ?? `exit code ${status}`);
  const [, cells = ""] = stdout.split("\nCells\n");
  return [...cells.matchAll(/^ {2}(\S+:\S+) /gm)].map(([, id = ""]) => id);
}

function nameIn(folder: string): string | null {
  try {
    const manifest: { readonly name?: string } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    );
    return manifest.name ?? null;
  } catch {
    return null;
  }
}
