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
  // What only clients need is apart, and what only Eppo needs, so that an entry can do without them. `index` exports all
  // that `client` does, and takes it from there; `eppo` takes how to explain from `dialect`.
  innerFileOf: (module, reachedBy) => {
    const isOnlyOf = (...entries: string[]) => reachedBy.every((it) => entries.includes(it));
    // `client` does not export it.
    if (module === "configuration/received") return "shared";
    if (isOnlyOf("index", "eppo", "precomputed")) return "eppo-shared";
    return isOnlyOf("index", "client") ? "client" : "shared";
  },
});
