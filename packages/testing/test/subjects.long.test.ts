import "./subjects.test.js";
