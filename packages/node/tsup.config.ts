import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "source", "transport"],
  // What only sources and requests need is apart, so that clients can do without it.
  innerFileOf: (_, reachedBy) => (reachedBy.includes("index") ? "shared" : "source-shared"),
});
