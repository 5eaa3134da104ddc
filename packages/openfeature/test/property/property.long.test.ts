import "./property.test.js";
