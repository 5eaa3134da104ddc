// Adds "use client" to the built files of `./react`. Bundlers of React Server Components read it in the first line, and Rollup
// removes directives.
import { readFileSync, writeFileSync } from "node:fs";

for (const name of ["react.js", "react.cjs"]) {
  const file = new URL(`dist/${name}`, import.meta.url);
  writeFileSync(file, `"use client";\n${readFileSync(file, "utf8")}`);
}
