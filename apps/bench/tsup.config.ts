import { defineConfig } from "tsup";
import { program } from "../../tsup.base.ts";

export default defineConfig({
  ...program,
  entry: ["src/main.ts", "src/worker.ts", "src/payload-server.ts", "src/imports/*.ts"],
  // Participants are measured as they are installed, not as a bundler would rewrite them.
  skipNodeModulesBundle: true,
});
