// Loaded before each snippet of the documentation: what it requests, it gets from a server on loopback.
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return fetch(new URL(pathname, process.env.SNIPPET_SERVER), init);
};
