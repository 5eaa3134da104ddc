// Writes dist/edge.cjs, which bundlers of edge runtimes, such as Next's, use for this package because the real modules need
// Node. It has all names of all entries, since a bundler fails with its own message if a name is missing.
import { writeFileSync } from "node:fs";

const entries = ["index", "internal", "kit"];
const modules = await Promise.all(entries.map((entry) => import(`./dist/${entry}.cjs`)));
const names = new Set(
  modules.flatMap((module) => Object.keys(module.default)).filter((it) => /^[A-Za-z]\w*$/.test(it)),
);
writeFileSync(
  new URL("dist/edge.cjs", import.meta.url),
  `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
function needsNode() {
  throw new Error("@sortition/node needs Node.js: in an edge runtime, use @sortition/edge");
}
${[...names].sort().map((name) => `exports.${name} = needsNode;\n`).join("")}`,
);
