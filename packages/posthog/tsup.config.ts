import { library } from "../../config/build/library.ts";

export default library({ entries: ["index", "dialect", "explain", "source"] });
