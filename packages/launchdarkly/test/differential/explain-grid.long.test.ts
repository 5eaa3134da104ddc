// Each operator with each attribute.
import "./explain-grid.test.js";
