// All situations.
import "./providers.test.js";
