// Bundles what a Worker needs for each vendor, and prints the size. Platforms allow 3 MB or 10 MB, gzipped.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const dialects = {
  eppo: 'export { eppo } from "@sortition/core/eppo";',
  growthbook: 'export { growthbook } from "@sortition/growthbook/dialect";',
  amplitude: 'export { amplitude } from "@sortition/amplitude/dialect";',
  posthog: 'export { posthog } from "@sortition/posthog/dialect";',
};

for (const [name, dialect] of Object.entries(dialects)) {
  const { outputFiles } = await build({
    stdin: {
      contents: `${dialect} export { edgeClient, kvCache, postTo } from "@sortition/edge";`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  console.log(`${name}: ${Math.ceil(bytes / 1_000)} kB, minified and gzipped`);
}

// Prints:
//   eppo: … kB, minified and gzipped
//   growthbook: … kB, minified and gzipped
//   amplitude: … kB, minified and gzipped
//   posthog: … kB, minified and gzipped
