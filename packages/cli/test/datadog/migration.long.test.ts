import "./migration.test.js";
