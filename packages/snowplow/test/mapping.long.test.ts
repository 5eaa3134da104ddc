// More events than the library stores.
import "./mapping.test.js";
