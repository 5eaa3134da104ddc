// Descriptions and explanations for the command line and for tests, apart from what an application loads.
export { eppoExplainer as datadogExplainer } from "@sortition/core/eppo";
