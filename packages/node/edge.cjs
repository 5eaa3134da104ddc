// Bundlers of edge runtimes, such as Next's, take this file for the package: it has modules of Node that are not there.
throw new Error(
  "@sortition/node needs Node: in an edge runtime use @sortition/core, with a configuration that you fetch",
);
