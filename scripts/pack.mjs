// Packs the named packages, and what they need, into .tarballs/ as for publishing, and prints their install command. Default: all.
// With `--check`, checks the tarballs instead: runs publint and are-the-types-wrong, and checks that each tarball contains its
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
 * Builds public packages into empty folders, and packs them. Otherwise files of a former build would be packed, because Turbo
 * does not delete them.
 *
 * @param {readonly string[]} names - of packages, packed with our other packages that they need. Default: all.
 * @returns {readonly Packed[]}
 * @throws {Error} if there is no such package.
 */
export function pack(names = []) {
  const folders = new Map(
    publicPackages().map((it) => {
      const folder = join(root, it);
      return [readManifest(join(folder, "package.json")), folder];
    }),
  );
  const needed = neededBy(names, [...folders.keys()]);
  for (const it of needed) rmSync(join(folders.get(it), "dist"), { recursive: true, force: true });
  rmSync(tarballs, { recursive: true, force: true });
  const turbo = join(root, "node_modules/turbo/bin/turbo");
  const filters = needed.map(({ name }) => `--filter=${name}`);
  const args = [turbo, "run", "build", "--output-logs=errors-only", ...filters];
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  mkdirSync(tarballs);
  return needed.map((it) => packOne(folders.get(it)));
}

/**
 * Returns packages and our other packages that they need, which npm would otherwise look for in its registry.
 *
 * @param {readonly string[]} names - with or without `@sortition/`. None: all.
 * @param {readonly Manifest[]} manifests - of all packages.
 * @throws {Error} if there is no such package.
 */
export function neededBy(names, manifests) {
  const byName = new Map(manifests.map((it) => [it.name, it]));
  const needed = new Set();
  const add = (name) => {
    const it = byName.get(name);
    if (it === undefined) {
      const known = [...byName.keys()].map((each) => each.slice(SCOPE.length)).join(", ");
      throw new Error(`there is no package ${name.slice(SCOPE.length)}; there are ${known}`);
    }
    if (needed.has(it)) return;
    needed.add(it);
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = it;
    const peers = Object.keys(peerDependencies).filter(
      (peer) => !peerDependenciesMeta[peer]?.optional,
    );
    for (const each of [...Object.keys(dependencies), ...peers])
      if (each.startsWith(SCOPE)) add(each);
  };
  const wanted = names.length === 0 ? [...byName.keys()] : names;
  for (const name of wanted) add(name.startsWith(SCOPE) ? name : SCOPE + name);
  return [...needed];
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
 * Returns the command that installs packages.
 *
 * @param {readonly Pick<Packed, "tarball">[]} packed
 */
export function installLine(packed) {
  return `npm install ${packed
    .map(({ tarball }) => quoted(tarball))
    .sort()
    .join(" ")}`;
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
  try {
    if (names.includes("--check")) {
      process.exitCode = pack().map(check).every(Boolean) ? 0 : 1;
    } else {
      const packed = pack(names);
      for (const { name, tarball } of packed) console.log(`${name.padEnd(24)}${tarball}`);
      console.log(`\nIn your project:\n\n  ${installLine(packed)}`);
    }
  } catch (error) {
    console.error(`pack: ${error.message}`);
    process.exitCode = 1;
  }
}
