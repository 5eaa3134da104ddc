// Loaded before each snippet of the documentation. Requests of the snippet go to a server on loopback.
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return fetch(new URL(pathname, process.env.SNIPPET_SERVER), init);
};

// A snippet that asserts something false fails: by itself `console.assert` only prints.
console.assert = (holds, ...message) => {
  if (!holds) throw new Error(["a snippet asserts something false", ...message].join(" "));
};
