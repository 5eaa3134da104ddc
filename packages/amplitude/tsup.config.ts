import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "dialect", "explain", "source"],
  // What evaluates is apart from what sends requests.
  innerFileOf: (module) => (/^(dialect|events)\//.test(module) ? "shared" : "source-shared"),
});
