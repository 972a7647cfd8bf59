// Sends mail with the real AWS SDK for JavaScript, version 2, in virtual time.

import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { Clock, Service, outcome, task } from "./virtual.mjs";

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const require = createRequire(task.modules + "/");
const aws = require("aws-sdk");

let service;
aws.HttpClient.prototype.handleRequest = function (request, options, callback, failed) {
  service.accepts().then((accepted) => {
    const response = new EventEmitter();
    response.statusCode = accepted ? 200 : 429;
    response.statusMessage = "";
    response.headers = { "content-type": "application/json", ...accepted ? {} : { "x-amzn-errortype": "TooManyRequestsException" } };
    let body = Buffer.from(accepted ? '{"MessageId":"1"}' : '{"message":"Maximum sending rate exceeded."}');
    response.read = () => { const all = body; body = null; return all; };
    callback(response);
    response.emit("headers", response.statusCode, response.headers, "");
    response.emit("readable");
    response.emit("end");
  }, failed);
  const emitter = new EventEmitter();
  emitter.abort = () => {};
  return emitter;
};

for (let i = 0; i < task.runs; i++) {
  const clock = new Clock();
  service = new Service(clock);
  const client = new aws.SESV2({ region: "us-east-1", accessKeyId: "a", secretAccessKey: "b" });
  const input = { FromEmailAddress: "a@a.example", Destination: { ToAddresses: ["b@b.example"] }, Content: { Raw: { Data: "x" } } };
  await outcome(clock, service, aws.VERSION, () => client.sendEmail(input).promise().then(() => true, (problem) => {
    if (problem.code !== "TooManyRequestsException") throw problem;
    return false;
  }));
}
