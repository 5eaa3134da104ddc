import { timeStart } from "../../../process/time-start.js";
import { shopBytes } from "../../writer.js";
import { eppoWriter } from "../writer.js";

const [, , name = "", baseUrl] = process.argv;
const { key } = eppoWriter.shop(1);
const bytes = shopBytes(eppoWriter, 20);
const isVendor = name === "@eppo/node-server-sdk";
// Its poller would keep the process alive.
await timeStart({ expected: ["Buy now"], exits: isVendor }, async (mark) => {
  if (name === "@sortition/node") {
    const { Configuration, init } = await import("@sortition/node");
    mark("import");
    const initialConfiguration = Configuration.from({ flagsConfiguration: bytes });
    mark("load");
    const client = await init({ initialConfiguration });
    mark("create");
    return client.getStringAssignment(key, "user-1", {}, "nothing");
  }
  const { init } = await import(name);
  mark("import");
  // Both fetch their flags. The vendor's SDK gets a replaced `fetch`, and our drop-in uses a server.
  const body = new TextDecoder().decode(bytes);
  const json = async () => JSON.parse(body) as unknown;
  if (isVendor) globalThis.fetch = async () => Object.assign(new Response(), { json });
  const pollingIntervalMs = isVendor ? 2 ** 31 - 1 : undefined;
  const client = await init({ apiKey: "bench", baseUrl, pollingIntervalMs });
  mark("create");
  return client.getStringAssignment(key, "user-1", {}, "nothing");
});
