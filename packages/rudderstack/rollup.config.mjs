import { library } from "../../rollup.base.mjs";

export default library();
