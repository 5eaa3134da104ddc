import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Packed } from "../../scripts/pack.mjs";
import { npm } from "../../scripts/tools.mjs";

/** Version of `@types/node`, which the declarations of `@sortition/node` need. */
const TYPES_OF_NODE = "20.19.0";

/**
 * Installs packages into a folder with npm, as a user would: with the peers that they require, and
 * packages of this workspace from their tarballs.
 *
 * @param installed - packages that the user's package.json names.
 * @param all - every package of this workspace.
 * @param more - members of the user's package.json, and packages of the registry.
 */
export function installConsumer(
  folder: string,
  installed: readonly Packed[],
  all: readonly Packed[],
  more: { readonly type?: "module"; readonly dependencies?: Readonly<Record<string, string>> } = {},
): void {
  const overrides = Object.fromEntries(all.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const ours = installed.flatMap(({ name, manifest }) => [
    [name, overrides[name]],
    ...requiredPeers(manifest),
  ]);
  const dependencies = { ...more.dependencies, ...Object.fromEntries(ours) };
  const devDependencies = { "@types/node": TYPES_OF_NODE };
  const own = { name: "consumer", private: true, dependencies, devDependencies, overrides };
  const manifest = { ...more, ...own };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  npm(["install", "--prefer-offline", "--ignore-scripts", "--no-package-lock"], folder);
}

/** Returns the required peers. Optional peers are not installed, because no import may need them. */
function requiredPeers({
  peerDependencies = {},
  peerDependenciesMeta = {},
}: Packed["manifest"]): readonly (readonly [name: string, range: string])[] {
  return Object.entries(peerDependencies).filter(
    ([name]) => peerDependenciesMeta[name]?.optional !== true,
  );
}
