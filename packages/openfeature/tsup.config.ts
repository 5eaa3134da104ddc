import { library } from "../../tsup.base.ts";

export default library({ entries: ["index", "resolution"] });
