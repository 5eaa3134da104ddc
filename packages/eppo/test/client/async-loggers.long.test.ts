// Also the vendor's SDK.
import "./async-loggers.test.js";
