export { type DatadogOptions, datadog } from "./dialect/factory.js";
