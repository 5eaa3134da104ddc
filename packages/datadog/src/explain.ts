// Describes flags and explains evaluations for the CLI and tests. A separate entry, so that applications do not load it.
export { eppoExplainer as datadogExplainer } from "@sortition/core/eppo";
