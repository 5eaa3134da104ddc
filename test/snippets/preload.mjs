// Loaded before each snippet of the documentation: what it requests, it gets from a server on loopback.
import { register } from "node:module";

register("./hooks.mjs", import.meta.url);

const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return fetch(new URL(pathname, process.env.SNIPPET_SERVER), init);
};

// A page that takes the instance has made it in another file.
if (process.env.SNIPPET_NEEDS_INSTANCE === "1") {
  const { init } = await import("@sortition/node?snippet");
  await init({ apiKey: "example", assignmentLogger: null });
}
