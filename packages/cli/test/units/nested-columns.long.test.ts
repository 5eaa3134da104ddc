// All kinds of columns.
import "./nested-columns.test.js";
