import { timeStart } from "../../../process/time-start.js";
import { shopFlags } from "../../writer.js";
import { growthbookWriter } from "../writer.js";

const name = process.argv[2] ?? "";
const flags = growthbookWriter.bytes([
  ...shopFlags(growthbookWriter, 99),
  growthbookWriter.half("flag"),
]);

await timeStart({ expected: growthbookWriter.halves }, async (mark) => {
  if (name === "@sortition/core" || name === "@sortition/node") {
    // The former's entry `/client` knows no dialect and does not poll; the latter polls, and has Eppo as its default.
    const [{ growthbook }, core, node] = await Promise.all([
      import("@sortition/growthbook/dialect"),
      name === "@sortition/core" ? import("@sortition/core") : null,
      name === "@sortition/node" ? import("@sortition/node") : null,
    ]);
    mark("import");
    const dialect = growthbook();
    const payloads = { flags };
    const initialConfiguration = (core ?? node)?.Configuration.from({ dialect, payloads });
    mark("load");
    // Like the vendor's SDK without a callback.
    const options = { dialect, initialConfiguration, assignmentLogger: null };
    const client = core === null ? await node?.init(options) : core.createClient(options);
    mark("create");
    return client?.getStringAssignment("flag", "user-1", {}, "");
  }
  const { GrowthBook } = await import(name);
  mark("import");
  const payload = JSON.parse(new TextDecoder().decode(flags));
  const instance = new GrowthBook({ attributes: { id: "user-1" } }).initSync({ payload });
  mark("create");
  return instance.getFeatureValue("flag", "");
});
