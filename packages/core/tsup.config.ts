import { library } from "../../tsup.config.base.ts";

export default library(["index", "dialect", "eppo", "internal", "kit", "precomputed"]);
