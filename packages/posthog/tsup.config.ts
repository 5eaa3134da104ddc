import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "dialect", "explain", "source"],
  // What explains is where `dialect` exports it, apart from what evaluates.
  innerFileOf: (module) => (module.includes("explain/") ? "dialect" : "shared"),
});
