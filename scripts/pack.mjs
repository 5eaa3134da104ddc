// Packs all public packages into .tarballs/ as for publishing, and prints the install command of the named packages. With
// `--check`, checks the tarballs instead: runs publint and are-the-types-wrong, and checks that each tarball contains its
// licence, and that core and proof have no dependencies.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { pathsOfEntries, publicPackages, root } from "./pages.mjs";
import { scriptCommand } from "./tools.mjs";

const tarballs = join(root, ".tarballs");
const SCOPE = "@sortition/";
/** Packages that run on any runtime. */
const INDEPENDENT = ["@sortition/core", "@sortition/proof"];

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
 * Builds each public package into an empty folder, and packs it. Otherwise files of a former build would be packed, because
 * Turbo does not delete them.
 *
 * @returns {readonly Packed[]}
 */
export function packAll() {
  const folders = publicPackages().map((folder) => join(root, folder));
  for (const folder of [tarballs, ...folders.map((it) => join(it, "dist"))]) {
    rmSync(folder, { recursive: true, force: true });
  }
  const turbo = join(root, "node_modules/turbo/bin/turbo");
  const args = [turbo, "run", "build", "--output-logs=errors-only"];
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  mkdirSync(tarballs);
  return folders.map(packOne);
}

function packOne(folder) {
  // Unlike `npm pack`, pnpm replaces workspace versions (`workspace:^`) with published ones.
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

/** Returns the specifiers that programs import. */
function entriesOf({ name, exports }) {
  return pathsOfEntries(exports).map((path) => name + path.slice(1));
}

function readManifest(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * Returns the required files that a tarball lacks.
 *
 * @param {string} unpacked - folder with the content of the tarball.
 */
export function missingFilesIn(unpacked) {
  return ["LICENSE", "README.md"].filter((name) => !existsSync(join(unpacked, name)));
}

/**
 * Returns the command that installs packages together with our other packages that they need. Otherwise npm would look for
 * these in its registry.
 *
 * @param {readonly Pick<Packed, "name" | "manifest" | "tarball">[]} packed - all packages.
 * @param {readonly string[]} names - names of packages, with or without `@sortition/`. Default: all.
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

/** Quotes a path for a shell. */
function quoted(path) {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : JSON.stringify(path);
}

/** Returns the dependencies and imports of a package. */
function externalNeedsOf({ manifest, unpacked }) {
  const fields = ["dependencies", "peerDependencies", "optionalDependencies"];
  const declared = fields.flatMap((field) =>
    Object.keys(manifest[field] ?? {}).map((name) => `package.json: ${field} has ${name}`),
  );
  const dist = join(unpacked, "dist");
  const imported = readdirSync(dist, { recursive: true })
    .filter((file) => /\.(c|m)?(js|ts)$/.test(file))
    .flatMap((file) =>
      ts
        .preProcessFile(readFileSync(join(dist, file), "utf8"), true, true)
        .importedFiles.map(({ fileName }) => fileName)
        .filter((it) => !it.startsWith(".") && !it.startsWith(`${manifest.name}/`))
        .map((fileName) => `dist/${file}: imports ${fileName}`),
    );
  return [...declared, ...imported];
}

/** Runs a command of a dev dependency. Returns whether it succeeded, and prints its output if it failed. */
function succeeds(name, args) {
  const command = scriptCommand("pnpm", ["exec", name, ...args]);
  const result = spawnSync(command.file, command.args, { encoding: "utf8", shell: command.shell });
  if (result.status === 0) return true;
  console.error(`${name} ${args.join(" ")}\n${result.stdout}${result.stderr}`);
  return false;
}

/** Checks a tarball. Returns whether it has no problems. */
function check(packed) {
  const problems = [
    ...missingFilesIn(packed.unpacked).map((file) => `${file} is missing`),
    ...(INDEPENDENT.includes(packed.name) ? externalNeedsOf(packed) : []),
  ];
  for (const problem of problems) console.error(`${packed.name} ${problem}`);
  const results = [
    problems.length === 0,
    succeeds("publint", [packed.tarball, "--strict"]),
    // Packages that are only a command have no types.
    packed.entries.length === 0 || succeeds("attw", [packed.tarball]),
  ];
  const isClean = results.every(Boolean);
  console.log(`${isClean ? "ok    " : "FAILED"} ${packed.name} (${packed.entries.length} entries)`);
  return isClean;
}

if (process.argv[1] === import.meta.filename) {
  const names = process.argv.slice(2);
  const packed = packAll();
  if (names.includes("--check")) {
    process.exitCode = packed.map(check).every(Boolean) ? 0 : 1;
  } else {
    for (const { name, tarball } of packed) console.log(`${name.padEnd(24)}${tarball}`);
    try {
      console.log(`\nIn your project:\n\n  ${installLine(packed, names)}`);
    } catch (error) {
      console.error(`pack: ${error.message}`);
      process.exitCode = 1;
    }
  }
}
