import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "dialect", "explain", "source"],
  // What evaluates is apart from what sends requests, and what explains is where `dialect` exports it.
  innerFileOf: (module) => {
    if (module.includes("explain/")) return "dialect";
    return /^(dialect|events)\//.test(module) ? "shared" : "source-shared";
  },
});
