import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "dialect", "explain", "source"],
  // What explains is where `dialect` exports it, apart from what evaluates.
  innerFileOf: (module) => (module.includes("explain/") ? "dialect" : "shared"),
  // What sends requests is in the drop-in and in the source: a file of its own would cost both a start.
  isCopied: (module) => module.startsWith("source/"),
});
