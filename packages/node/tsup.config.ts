import { library } from "../../tsup.base.ts";

export default library({ commentsInMaps: false, entries: ["index", "source", "transport"] });
