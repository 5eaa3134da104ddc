import { eppo } from "@sortition/core/eppo";
import { edgeClient } from "@sortition/edge";
import { answerAll } from "./answer.mjs";
import { cases, flags } from "./data.mjs";

const edge = edgeClient({
  dialect: eppo(),
  apiKey: "key",
  fetch: async () => new Response(flags),
  diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
});
const client = await edge.forRequest({ waitUntil() {} });
const onEdge = cases
  .filter(({ type }) => type === "STRING")
  .map(({ flag, subject, attributes }) =>
    client.getStringAssignment(flag, subject, attributes, "default"),
  );
console.log(`${answerAll()}\n${JSON.stringify(onEdge)}`);
