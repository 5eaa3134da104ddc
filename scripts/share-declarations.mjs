/**
 * Replaces the declarations of ES modules in a package's `dist` with references to those of CommonJS. Two declarations of a
 * class with private or protected members are two types. In CommonJS, a client of `await import("@sortition/posthog")` could
 * not be assigned to a variable of `import type { PostHog } from "@sortition/posthog"`.
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
