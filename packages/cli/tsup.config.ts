import { program } from "../../tsup.config.base.ts";
import { functionLibraries } from "./function-libraries.ts";

export default program(["main"], {
  bundled: ["@sortition/page-style"],
  esbuildPlugins: [functionLibraries()],
});
