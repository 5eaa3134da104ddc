import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { createFolder } from "./support/folder.js";

const require = createRequire(import.meta.url);

const PROGRAM = `
import { createRequire } from "node:module";
import * as esm from "@sortition/node";
const cjs = createRequire(import.meta.url)("@sortition/node");

const isTwoCopies = esm.init !== cjs.init;
const options = { apiKey: "key", baseUrl: "http://127.0.0.1:1", initializationTimeoutMs: 0 };
const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
const first = await esm.init({ ...options, diagnostics });
const isSeenByCjs = cjs.getInstance() === first;
const second = await cjs.init({ ...options, diagnostics });
const isSeenByEsm = esm.getInstance() === second;
const isFirstClosed = first.status.state === "closed";
await second.close();
console.log(JSON.stringify({ isTwoCopies, isSeenByCjs, isSeenByEsm, isFirstClosed }));
`;

it("init and getInstance share one instance across the ES module and the CommonJS module, in both directions", () => {
  using folder = createFolder();
  mkdirSync(folder.file("node_modules/@sortition"), { recursive: true });
  const built = dirname(require.resolve("@sortition/node/package.json"));
  symlinkSync(built, folder.file("node_modules/@sortition/node"));
  writeFileSync(folder.file("program.mjs"), PROGRAM);
  const { stdout, stderr } = spawnSync(process.execPath, [folder.file("program.mjs")]);
  expect(stderr.toString()).toBe("");
  expect(JSON.parse(stdout.toString())).toEqual({
    isTwoCopies: true,
    isSeenByCjs: true,
    isSeenByEsm: true,
    isFirstClosed: true,
  });
});
