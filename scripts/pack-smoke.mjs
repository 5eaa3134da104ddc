// Installs each packed package alone, as a user would with npm, and imports and requires each of its entries
// on every Node we promise. Done outside the workspace, whose node_modules would hide a missing dependency.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packAll } from "./pack.mjs";
import { installTool, npm } from "./tools.mjs";

/** The oldest and the newest Node that must work. */
const promisedNodes = ["20.19.0", "24.21.0"];

/** Fails unless each entry has exports, and the same ones for `import` and for `require`. */
const program = `
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const names = (module) => Object.keys(module).filter((name) => name !== "default" && name !== "module.exports").sort().join();
for (const entry of process.argv.slice(2)) {
  const imported = names(await import(entry));
  const required = names(require(entry));
  if (imported === "") throw new Error(entry + " exports nothing");
  if (imported !== required) throw new Error(entry + " imports " + imported + " but requires " + required);
}
`;

/** The running Node, and those promised that have another version. */
function findNodes() {
  const others = promisedNodes.filter((version) => `v${version}` !== process.version);
  const binary = process.platform === "win32" ? "node.exe" : "node";
  return [
    { version: process.version, file: process.execPath },
    ...others.map((version) => ({
      version: `v${version}`,
      file: join(installTool("node", version), "node_modules/node/bin", binary),
    })),
  ];
}

/** Installs one package with the peers it requires into a folder; those of this workspace come from their tarballs. */
function install(packed, all, folder) {
  const overrides = Object.fromEntries(all.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const { peerDependencies = {}, peerDependenciesMeta = {} } = packed.manifest;
  // A user installs required peers by hand; an optional one must not be needed for an import.
  const peers = Object.entries(peerDependencies).filter(
    ([name]) => peerDependenciesMeta[name]?.optional !== true,
  );
  const dependencies = { [packed.name]: overrides[packed.name], ...Object.fromEntries(peers) };
  const manifest = { private: true, type: "module", dependencies, overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "smoke.js"), program);
  npm(["install", "--prefer-offline", "--ignore-scripts", "--no-package-lock"], folder);
}

/** Returns what went wrong with one package on one Node, or "". */
function check({ name, manifest, entries }, node, folder) {
  const commands = Object.values(manifest.bin ?? {}).map((file) => [
    join(folder, "node_modules", name, file),
    "--help",
  ]);
  for (const args of [[join(folder, "smoke.js"), ...entries], ...commands]) {
    const result = spawnSync(node.file, args, { cwd: folder, encoding: "utf8", timeout: 30_000 });
    if (result.status !== 0)
      return result.stderr || `${args.join(" ")} ended with ${result.status}`;
  }
  return "";
}

const nodes = findNodes();
const all = packAll();
let hasFailed = false;
for (const packed of all) {
  const folder = mkdtempSync(join(tmpdir(), "sortition-smoke-"));
  try {
    install(packed, all, folder);
    for (const node of nodes) {
      const problem = check(packed, node, folder);
      console.log(
        `${problem === "" ? "ok    " : "FAILED"} ${packed.name} on ${node.version} ${problem}`,
      );
      hasFailed ||= problem !== "";
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = hasFailed ? 1 : 0;
