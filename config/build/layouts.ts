import type { Layout } from "./inner-files.ts";

/**
 * Which file has a module, for the packages whose files other packages of ours import. Each file costs an import half a millisecond,
 * and each kB 40 µs. Within a major version no name that a release has in `inner-names.json` leaves its file: packages of two versions
 * must fit together.
 */
export const LAYOUTS: Readonly<Record<"core" | "node", Layout>> = {
  core: {
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
    // that `client` does, and takes it from there.
    fileOf(module, reachedBy) {
      const isOnlyOf = (...entries: string[]) => reachedBy.every((it) => entries.includes(it));
      // `client` does not export it.
      if (module === "configuration/received") return "shared";
      if (isOnlyOf("eppo") || isOnlyOf("explain") || isOnlyOf("logger")) return reachedBy[0] ?? "";
      if (isOnlyOf("index", "eppo", "precomputed")) return "eppo-shared";
      return isOnlyOf("index", "client") ? "client" : "shared";
    },
    // With what hashes read each character by: V8 does not take imports from other files for constants.
    isCopied: (module) =>
      /^(?:hash\/(?:char-code-at|(?:md5|murmur3|sha1)(?:-block)?)|delivery\/batch-sender|payload\/splice-flag)$/.test(
        module,
      ),
  },
  node: {
    entries: ["index", "source", "transport"],
    // Streams are where the entries export them, so that packages without streams can do without them.
    fileOf(module, [first = "", ...others]) {
      if (others.length === 0 && !["source", "transport"].includes(first)) return first;
      if (module.startsWith("http/stream/")) return "transport";
      return module === "source/with-flag" ? "source" : "shared";
    },
    isCopied: (module) =>
      /^(?:source\/(?:link-options|stream-keeper|streamed-origin|streaming-source|with-part)|http\/stream\/silence-watchdog)$/.test(
        module,
      ),
  },
};
