/**
 * Makes the declarations of ES modules in the `dist` of a package refer to those of CommonJS. Two declarations of a class with
 * private or protected members are two types: in CommonJS, a client of `await import("@sortition/posthog")` would not fit a
 * variable of `import type { PostHog } from "@sortition/posthog"`.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";

const folder = `${process.cwd()}/dist`;
for (const file of readdirSync(folder)) {
  if (!file.endsWith(".d.ts")) continue;
  const name = file.slice(0, -".d.ts".length);
  // Chunks that several entries share have no CommonJS module of the same name.
  if (existsSync(`${folder}/${name}.cjs`)) {
    writeFileSync(`${folder}/${file}`, `export * from "./${name}.cjs";\n`);
  } else rmSync(`${folder}/${file}`);
}
