// Packs every public package into .tarballs/, as it would be published.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { scriptCommand } from "./commands.mjs";
import { pathsOfEntries, publicPackages, root } from "./pages.mjs";

const tarballs = join(root, ".tarballs");

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, any>} exports
 * @property {Record<string, string>} [bin]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 */

/**
 * @typedef {object} Packed
 * @property {string} name
 * @property {Manifest} manifest - as packed.
 * @property {string} tarball - its file.
 * @property {string} folder - of the package in this repository.
 * @property {string} unpacked - folder with the content of the tarball.
 * @property {readonly string[]} entries - specifiers: `@sortition/core`, `@sortition/core/dialect`.
 */

/**
 * Packs every public package. The packages must be built.
 *
 * @returns {readonly Packed[]}
 */
export function packAll() {
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs);
  return publicPackages().map((folder) => packOne(join(root, folder)));
}

function packOne(folder) {
  // Not `npm pack`: pnpm replaces versions of the workspace (`workspace:^`) by published ones.
  const command = scriptCommand("pnpm", ["pack", "--json", "--pack-destination", tarballs]);
  const output = execFileSync(command.file, [...command.args], {
    cwd: folder,
    encoding: "utf8",
    shell: command.shell,
  });
  const tarball = JSON.parse(output).filename;
  const { name, version } = readManifest(join(folder, "package.json"));
  const unpacked = join(tarballs, `${name.replace("@", "").replace("/", "-")}-${version}`);
  mkdirSync(unpacked);
  execFileSync("tar", ["-xzf", tarball, "-C", unpacked, "--strip-components=1"]);
  const manifest = readManifest(join(unpacked, "package.json"));
  return { name, manifest, tarball, folder, unpacked, entries: entriesOf(manifest) };
}

/** The specifiers that programs import. */
function entriesOf({ name, exports }) {
  return pathsOfEntries(exports).map((path) => name + path.slice(1));
}

function readManifest(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * Returns the files that every tarball must have and this one lacks.
 *
 * @param {string} unpacked - its folder.
 */
export function missingFilesIn(unpacked) {
  return ["LICENSE", "README.md"].filter((name) => !existsSync(join(unpacked, name)));
}
