import { library } from "../../tsup.config.base.ts";

export default library(["index", "react", "server"]);
