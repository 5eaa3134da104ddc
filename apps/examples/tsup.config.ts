import { defineConfig } from "tsup";
import { program } from "../../tsup.base.ts";

// Each example stays a program of its own.
export default defineConfig({
  ...program,
  entry: ["src/**/*.ts", "!src/**/*.test.ts"],
  bundle: false,
});
