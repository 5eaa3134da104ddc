import { program } from "../../tsup.config.base.ts";
import { functionLibraries } from "./function-libraries.ts";

export default program(["main", "worker"], {
  bundled: ["@sortition/page-style"],
  esbuildPlugins: [functionLibraries()],
});
