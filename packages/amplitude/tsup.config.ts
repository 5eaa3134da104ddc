import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "dialect", "explain", "source"],
  // What explains is apart from what evaluates, and so is what sends requests.
  innerFileOf: (module) => {
    if (module.includes("explain/")) return "explain-shared";
    return /^(dialect|events)\//.test(module) ? "shared" : "source-shared";
  },
});
