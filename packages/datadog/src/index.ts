export { type DatadogExposure, exposureOf } from "./events/exposure.js";
