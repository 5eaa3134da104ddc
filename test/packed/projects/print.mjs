import { answerAll } from "./answer.mjs";

console.log(answerAll());
