// Packs every public package, and prints the tarballs and the command that installs those that were asked for.
import { packAll } from "./pack.mjs";

/** @typedef {Pick<import("./pack.mjs").Packed, "name" | "manifest" | "tarball">} PackedPackage */

const SCOPE = "@sortition/";

/**
 * Returns the command that installs packages with those of ours that they need, in one call: npm would look for them
 * in its registry.
 *
 * @param {readonly PackedPackage[]} packed - all packages.
 * @param {readonly string[]} names - of the packages, with or without `@sortition/`; none: all.
 * @throws {Error} if there is no such package.
 */
export function installLine(packed, names) {
  const byName = new Map(packed.map((it) => [it.name, it]));
  const needed = new Set();
  const add = (name) => {
    const it = byName.get(name);
    if (it === undefined) {
      const known = packed.map((each) => each.name.slice(SCOPE.length)).join(", ");
      throw new Error(`there is no package ${name.slice(SCOPE.length)}; there are ${known}`);
    }
    if (needed.has(it)) return;
    needed.add(it);
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = it.manifest;
    const peers = Object.keys(peerDependencies).filter(
      (peer) => !peerDependenciesMeta[peer]?.optional,
    );
    for (const each of [...Object.keys(dependencies), ...peers])
      if (each.startsWith(SCOPE)) add(each);
  };
  const wanted = names.length === 0 ? [...byName.keys()] : names;
  for (const name of wanted) add(name.startsWith(SCOPE) ? name : SCOPE + name);
  const tarballs = [...needed].map(({ tarball }) => quoted(tarball)).sort();
  return `npm install ${tarballs.join(" ")}`;
}

/** A path as a shell reads it. */
function quoted(path) {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : JSON.stringify(path);
}

if (process.argv[1] === import.meta.filename) {
  const packed = packAll();
  for (const { name, tarball } of packed) console.log(`${name.padEnd(24)}${tarball}`);
  try {
    console.log(`\nIn your project:\n\n  ${installLine(packed, process.argv.slice(2))}`);
  } catch (error) {
    console.error(`pack: ${error.message}`);
    process.exitCode = 1;
  }
}
