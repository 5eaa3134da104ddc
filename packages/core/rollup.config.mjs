import { library } from "../../rollup.base.mjs";

export default library({
  entries: ["index", "dialect", "logger", "source"],
  // The configuration without Node's types: a platform type in a declaration fails the build.
  tsconfig: "tsconfig.src.json",
});
