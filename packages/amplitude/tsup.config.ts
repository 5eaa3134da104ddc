import { library } from "../../config/build/library.ts";

export default library({
  entries: ["index", "dialect", "explain", "source"],
  // What explains is where `dialect` exports it, apart from what evaluates.
  innerFileOf: (module) => (module.includes("explain/") ? "dialect" : "shared"),
  // The drop-in and the source have what sends requests, and streams, which both load for few users: a file less to load.
  isCopied: (module) => module.startsWith("source/"),
});
