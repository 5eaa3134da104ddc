export { MARK, MARK_FILE } from "./mark.js";
export { BASE_STYLE } from "./style.js";
