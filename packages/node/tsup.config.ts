import { LAYOUTS } from "../../config/build/layouts.ts";
import { library } from "../../config/build/library.ts";

export default library(LAYOUTS.node);
