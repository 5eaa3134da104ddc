// Checks each tarball with publint and are-the-types-wrong, that it has its licence, and that core and proof have no dependency.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { scriptCommand } from "./commands.mjs";
import { missingFilesIn, packAll } from "./pack.mjs";

/** Runs a command of a dev dependency. Returns whether it succeeded, and prints its output if it did not. */
function succeeds(name, args) {
  const command = scriptCommand("pnpm", ["exec", name, ...args]);
  const result = spawnSync(command.file, command.args, { encoding: "utf8", shell: command.shell });
  if (result.status === 0) return true;
  console.error(`${name} ${args.join(" ")}\n${result.stdout}${result.stderr}`);
  return false;
}

/** Packages that run on any runtime: they depend on nothing and import nothing. */
const INDEPENDENT = ["@sortition/core", "@sortition/proof"];

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
        .importedFiles.filter(({ fileName }) => !fileName.startsWith("."))
        .map(({ fileName }) => `dist/${file}: imports ${fileName}`),
    );
  return [...declared, ...imported];
}

let hasFailed = false;
for (const packed of packAll()) {
  const problems = [
    ...missingFilesIn(packed.unpacked).map((file) => `${file} is missing`),
    ...(INDEPENDENT.includes(packed.name) ? externalNeedsOf(packed) : []),
  ];
  for (const problem of problems) console.error(`${packed.name} ${problem}`);
  const results = [
    problems.length === 0,
    succeeds("publint", [packed.tarball, "--strict"]),
    // A command has no types to check.
    packed.entries.length === 0 || succeeds("attw", [packed.tarball]),
  ];
  const isClean = results.every(Boolean);
  console.log(`${isClean ? "ok    " : "FAILED"} ${packed.name} (${packed.entries.length} entries)`);
  hasFailed ||= !isClean;
}
process.exitCode = hasFailed ? 1 : 0;
