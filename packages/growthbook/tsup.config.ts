import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "dialect", "explain", "plugins", "source"],
  // What only the facade needs is apart, so that the dialect can do without it.
  innerFileOf: (module) => (module.startsWith("dialect/") ? "dialect-shared" : "facade-shared"),
});
