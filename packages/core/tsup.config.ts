import { library } from "../../config/build/library.ts";

/** Modules of clients, but for those of their options, which sources need too. */
const CLIENT =
  /^(?:client\/(?!(?:exposure-options|lifecycle\/same-dialect|options|overrides)$)|configuration$|create-client$|errors\/codes$)/;

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
  // What only clients need is apart, and what only Eppo needs, so that an entry can do without them.
  innerFileOf: (module) => {
    if (module.startsWith("eppo/") || module === "create-precomputed-client") return "eppo-shared";
    return CLIENT.test(module) ? "client-shared" : "shared";
  },
});
