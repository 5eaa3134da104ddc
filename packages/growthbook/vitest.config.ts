import { defineProject, mergeConfig } from "vitest/config";
import { project } from "../../test/project.ts";

// The vendor's SDK keeps settings, polyfills and a cache in its modules: inlined, it is evaluated anew for each test file.
export default mergeConfig(
  project("growthbook"),
  defineProject({ test: { server: { deps: { inline: ["@growthbook/growthbook"] } } } }),
);
