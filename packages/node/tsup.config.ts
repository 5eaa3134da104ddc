import { library } from "../../config/build/library.ts";

export default library({ commentsInMaps: false, entries: ["index", "source", "transport"] });
