import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig({
  ...library,
  entry: ["src/index.ts", "src/dialect.ts", "src/logger.ts"],
  platform: "neutral",
  // The configuration without Node's types: a platform type in a declaration fails the build.
  tsconfig: "tsconfig.src.json",
});
