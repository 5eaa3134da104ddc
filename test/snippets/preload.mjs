// Loaded before each snippet of the documentation. Redirects requests to a server on loopback.
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  return fetch(new URL(pathname, process.env.SNIPPET_SERVER), init);
};

// Makes failed assertions throw. `console.assert` alone only prints.
console.assert = (holds, ...message) => {
  if (!holds) throw new Error(["assertion failed in a snippet", ...message].join(" "));
};
