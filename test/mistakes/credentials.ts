/** The credential in all addresses of {@link CREDENTIALS}. */
export const SECRET = "s3cret-credential";

/**
 * A program whose proxy, Redis and endpoint cannot be reached, and whose addresses contain a credential. It prints all messages and
 * the status of its clients.
 */
export const CREDENTIALS = `
import { createClient, httpOrigin } from "@sortition/node";
import { redis } from "@sortition/redis";
import { edgeClient, postTo } from "@sortition/edge";
import { eppo } from "@sortition/core/eppo";
const secret = "${SECRET}";
const assignmentLogger = { logAssignment() {} };
const proxied = createClient({
  apiKey: secret, baseUrl: "http://flags.invalid", proxy: "http://user:" + secret + "@127.0.0.1:1",
  assignmentLogger, pollIntervalMs: null,
});
const origin = httpOrigin({ apiKey: secret, baseUrl: "http://127.0.0.1:1" });
const fleet = redis({ redis: "redis://user:" + secret + "@127.0.0.1:1", origin, connectTimeoutMs: 500 });
const shared = createClient({ source: fleet, assignmentLogger });
await Promise.all([proxied, shared].map((it) => it.refresh({ timeoutMs: 3_000 })));
for (const it of [proxied, shared, fleet]) console.error(JSON.stringify(it.status), it);
for (const make of [
  () => postTo({ url: "http://user:" + secret + "@127.0.0.1:1/" }),
  () => createClient({ apiKey: "k", baseUrl: "http://user:" + secret + "@127.0.0.1:1" }),
  () => redis({ redis: "redis://user:" + secret + "@127.0.0.1:1/x", origin }),
]) {
  try { console.error(make()); } catch (error) { console.error(error); }
}
process.exit();
`;
