import { library } from "../../tsup.config.base.ts";
import { luaScripts } from "./lua-text.ts";

export default library(["index", "status"], { esbuildPlugins: [luaScripts()] });
