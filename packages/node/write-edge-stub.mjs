// Writes dist/edge.cjs, which bundlers for edge runtimes, such as Next's, use instead of this package, because the real modules
// need Node. It exports the names of all entries: for a missing name, a bundler would fail with its own message.
import { writeFileSync } from "node:fs";

const entries = ["index", "internal", "kit"];
const modules = await Promise.all(entries.map((entry) => import(`./dist/${entry}.cjs`)));
const names = new Set(
  modules.flatMap((module) => Object.keys(module.default)).filter((it) => /^[A-Za-z]\w*$/.test(it)),
);
const assignments = [...names].sort().map((name) => `exports.${name} = needsNode;\n`);
writeFileSync(
  new URL("dist/edge.cjs", import.meta.url),
  `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
function needsNode() {
  throw new Error("@sortition/node needs Node.js: in an edge runtime, use @sortition/edge");
}
${assignments.join("")}`,
);
