import { library } from "../../tsup.config.base.ts";

export default library([
  ...["index", "dialect", "explain", "source"],
  // The other entries of the vendor.
  ...["edge", "experimental", "nestjs", "otel"],
]);
