import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "dialect", "source"],
  // What the dialect can do without is apart: it sends requests.
  innerFileOf: (module) =>
    /^(dialect|explain|tracking)\//.test(module) ? "shared" : "source-shared",
  commentsInMaps: false,
});
