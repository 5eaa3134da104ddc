import "./answers.test.js";
