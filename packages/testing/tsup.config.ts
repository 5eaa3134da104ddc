import { library } from "../../tsup.config.base.ts";

export default library(["index", "assert", "jest", "server", "vitest"], { bundled: ["test-kit"] });
