// All filters.
import "./filters.test.js";
