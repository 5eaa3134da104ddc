import { program } from "../../rollup.base.mjs";

export default program();
