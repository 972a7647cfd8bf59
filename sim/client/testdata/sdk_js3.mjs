// Sends mail with the real AWS SDK for JavaScript, version 3, in virtual time.

import { createRequire } from "node:module";
import { Clock, Service, outcome, task } from "./virtual.mjs";

const require = createRequire(task.modules + "/");
const { SESv2Client, SendEmailCommand } = require("@aws-sdk/client-sesv2");
const { version } = require("@aws-sdk/client-sesv2/package.json");

const command = () => new SendEmailCommand({
  FromEmailAddress: "a@a.example", Destination: { ToAddresses: ["b@b.example"] }, Content: { Raw: { Data: new Uint8Array([120]) } },
});

// answer has what the SDK asks of a response; a body of bytes is read without a stream.
const answer = (statusCode, headers, body) => ({ response: { statusCode, headers: { "content-type": "application/json", ...headers }, body: new TextEncoder().encode(body) } });

for (let i = 0; i < task.runs; i++) {
  let accepts = async () => true;
  const client = new SESv2Client({
    region: "us-east-1", endpoint: "http://127.0.0.1:1", credentials: { accessKeyId: "a", secretAccessKey: "b" },
    requestHandler: {
      metadata: { handlerProtocol: "http/1.1" },
      handle: async () => await accepts() ? answer(200, {}, '{"MessageId":"1"}')
        : answer(429, { "x-amzn-errortype": "TooManyRequestsException" }, '{"message":"Maximum sending rate exceeded."}'),
    },
  });
  await client.send(command()); // reads its configuration before time stands still
  const clock = new Clock(), service = new Service(clock);
  accepts = () => service.accepts();
  await outcome(clock, service, version, () => client.send(command()).then(() => true, (problem) => {
    if (problem.name !== "TooManyRequestsException") throw problem;
    return false;
  }));
}
