import { waitUntil } from "cloudflare:workers";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { answersOf, makeClients, slowLogger } from "./isolate.mjs";
import { payloads } from "./payloads.mjs";

const atModuleScope = makeClients(payloads);
const delivered = { flush: [], option: [] };
const dialect = eppo();
let clients;

function loggingClients() {
  const initialConfiguration = Configuration.from({ dialect, payloads: payloads.eppo });
  const options = { dialect, initialConfiguration };
  return {
    flush: createClient({ ...options, assignmentLogger: slowLogger(delivered.flush) }),
    option: createClient({ ...options, assignmentLogger: slowLogger(delivered.option), waitUntil }),
  };
}

/** Returns the warnings about a client whose source works in the background. */
function warningsOfPolling() {
  const warnings = [];
  const source = {
    kind: "polling",
    intervalMs: 30_000,
    dialect,
    subscribe: () => ({ end: async () => {} }),
    refresh: async () => ({ outcome: "unchanged" }),
  };
  const diagnostics = { debug() {}, info() {}, warn: (text) => warnings.push(text), error() {} };
  createClient({ source, diagnostics });
  return warnings;
}

// biome-ignore lint/style/noDefaultExport: workerd looks for it
export default {
  async fetch(request, _env, context) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/module") return Response.json(await answersOf(atModuleScope));
    if (pathname === "/handler") return Response.json(await answersOf(makeClients(payloads)));
    if (pathname === "/delivered") return Response.json(delivered);
    if (pathname === "/polling") return Response.json(warningsOfPolling());
    clients ??= loggingClients();
    const client = clients[pathname.slice(1)];
    const variation = client.getStringAssignment("kept", searchParams.get("subject"), {}, "none");
    if (pathname === "/flush") context.waitUntil(client.flush());
    return new Response(variation);
  },
};
