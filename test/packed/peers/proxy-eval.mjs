// A relay that evaluates for GrowthBook's SDKs in the browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";

const features = {
  checkout: { defaultValue: "none", rules: [{ condition: { plan: "pro" }, force: "fast" }] },
};
writeFileSync("features.json", JSON.stringify({ features }));
const sha256 = createHash("sha256").update("srt_page").digest("hex");
const tokens = [{ name: "page", sha256, remoteEval: true }];
const environments = [{ name: "shop", dialect: "growthbook", file: "features.json", tokens }];
const listen = "127.0.0.1:0";
writeFileSync("relay.json", JSON.stringify({ listen, admin: { listen }, environments }));
const main = "node_modules/@sortition/relay/dist/main.js";
const relay = spawn(process.execPath, [main, "--config", "relay.json"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = await once(relay.stdout, "data");
const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
for (const [plan, expected] of Object.entries({ pro: "fast", free: "none" })) {
  const answer = await fetch(`${url}/api/eval/srt_page`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ attributes: { id: "user-1", plan } }),
  });
  const { features: evaluated } = await answer.json();
  const [rule] = evaluated.checkout.rules ?? [];
  assert.equal(rule?.force ?? evaluated.checkout.defaultValue, expected);
}
relay.kill("SIGTERM");
assert.deepEqual(await once(relay, "close"), [0, null]);
console.log("ok");
