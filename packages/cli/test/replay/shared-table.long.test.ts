import "./shared-table.test.js";
