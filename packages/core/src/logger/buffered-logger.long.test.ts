import "./buffered-logger.test.js";
