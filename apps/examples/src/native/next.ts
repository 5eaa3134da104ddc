// Calls the two files of a Next application as Next does, without a Next server:
// `next/instrumentation.ts` and `next/app/api/checkout/route.ts`. Copy those, not this file.
import { getInstance } from "@sortition/node";
import { GET } from "./next/app/api/checkout/route.js";
import { register } from "./next/instrumentation.js";

process.env["NEXT_RUNTIME"] = "nodejs";
await register();

for (const user of ["user-1", "user-2"]) {
  const response = await GET(new Request(`http://localhost:3000/api/checkout?user=${user}`));
  console.log(response.status, await response.text());
}

await getInstance().close();

// Prints:
//   logged: user-1 has …_checkout
//   200 {"userId":"user-1","checkout":"…_checkout"}
//   logged: user-2 has …_checkout
//   200 {"userId":"user-2","checkout":"…_checkout"}
