import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";

/** A Worker with its dialect must stay small compared with the limits of platforms. */
const MAX_KB = 80;

it.each([
  { factory: "eppo", entry: "@sortition/core/eppo" },
  { factory: "growthbook", entry: "@sortition/growthbook/dialect" },
  { factory: "amplitude", entry: "@sortition/amplitude/dialect" },
  { factory: "posthog", entry: "@sortition/posthog/dialect" },
])(
  `$factory with a client, a cache and a sender has at most ${MAX_KB} kB`,
  async ({ entry, factory }) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `export { ${factory} } from "${entry}";
        export { edgeClient, kvCache, postTo } from "@sortition/edge";`,
        resolveDir: join(import.meta.dirname, "../../apps/examples"),
      },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      target: "es2022",
    });
    const kB = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length / 1_000;
    expect(kB).toBeLessThanOrEqual(MAX_KB);
  },
);
