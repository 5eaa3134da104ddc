import { library } from "../../config/build/library.ts";

export default library({
  entries: [
    "index",
    "client",
    "dialect",
    "eppo",
    "explain",
    "facade",
    "logger",
    "precomputed",
    "source",
  ],
  // What only Eppo needs is apart, so that an entry can do without it.
  innerFileOf: (module) =>
    module.startsWith("eppo/") || module === "create-precomputed-client" ? "eppo-shared" : "shared",
});
