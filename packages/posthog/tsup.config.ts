import { library } from "../../tsup.config.base.ts";

export default library([
  ...["index", "dialect", "explain", "source"],
  // The same entries as in posthog-node.
  ...["edge", "experimental", "nestjs", "otel"],
]);
