// All situations.
import "./recorded.test.js";
